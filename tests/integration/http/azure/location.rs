//! Location: 202 goes on, 200 to 204 is the answer that the call itself would have had.

use super::{Case, MADE, hold, widget};

#[tokio::test]
async fn a_monitor_is_asked_until_it_answers_as_the_call_would_have() {
    hold(
        "azure",
        &[
            Case(
                "PUT 202, then 200 with something that is no resource",
                &[("PUT /w", 202, &["Location: {at}/m"], ""), ("GET /m", 200, &[], r#"{"name":"sku"}"#)],
                r#"succeeded: {"name":"sku"}"#,
            ),
            Case(
                "a later 202 without a Location leaves it where it is",
                &[
                    ("PUT /w", 202, &["Location: {at}/m"], widget!("Accepted")),
                    ("GET /m", 202, &[], ""),
                    ("GET /m", 200, &[], widget!("Succeeded")),
                ],
                MADE,
            ),
            Case(
                "a later 202 with another Location moves it",
                &[
                    ("POST /w/run", 202, &["Location: {at}/m", "Retry-After: 0"], ""),
                    ("GET /m", 202, &["Location: {at}/n", "Retry-After: 0"], ""),
                    ("GET /n", 204, &[], ""),
                ],
                "succeeded",
            ),
            Case(
                "a Location may be relative to what was asked",
                &[
                    ("DELETE /a/w", 202, &["Location: results/1"], ""),
                    ("GET /a/results/1", 202, &["Location: 2?x=y"], ""),
                    ("GET /a/results/2?x=y", 200, &[], ""),
                ],
                "succeeded",
            ),
            Case(
                "a Location beside 200 of a DELETE is asked too",
                &[
                    ("DELETE /w", 200, &["Location: {at}/m"], ""),
                    ("GET /m", 202, &[], ""),
                    ("GET /m", 204, &[], ""),
                ],
                "succeeded",
            ),
            Case(
                "202 with a body goes on, whatever it says",
                &[
                    ("DELETE /w", 202, &["Location: {at}/m"], widget!("Deleting")),
                    ("GET /m", 202, &[], r#"{"status":"Succeeded"}"#),
                    ("GET /m", 202, &[], "<html>"),
                    ("GET /m", 200, &[], widget!("Succeeded")),
                ],
                MADE,
            ),
            Case(
                "201 of a PUT with a Location that is the resource",
                &[
                    ("PUT /w", 201, &["Location: {at}/w"], widget!("Creating")),
                    ("GET /w", 200, &[], widget!("Creating")),
                    ("GET /w", 200, &[], widget!("Succeeded")),
                ],
                MADE,
            ),
            Case(
                "200 of a PUT with a Location that is a monitor",
                &[
                    ("PUT /w", 200, &["Location: {at}/m"], widget!("Updating")),
                    ("GET /m", 202, &[], ""),
                    ("GET /m", 200, &[], widget!("Succeeded")),
                ],
                MADE,
            ),
            Case(
                "429 and 503 are outwaited",
                &[
                    ("DELETE /w", 202, &["Location: {at}/m"], ""),
                    ("GET /m", 429, &["Retry-After: 0"], ""),
                    ("GET /m", 202, &[], ""),
                    ("GET /m", 503, &["Retry-After: 0"], ""),
                    ("GET /m", 204, &[], ""),
                ],
                "succeeded",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_a_monitor_hands_on_may_be_a_failure() {
    hold(
        "azure",
        &[
            Case(
                "400 with an error",
                &[
                    ("DELETE /w", 202, &["Location: {at}/m"], ""),
                    ("GET /m", 400, &[], r#"{"error":{"code":"InUse","message":"w is in use"}}"#),
                ],
                "failed: InUse: w is in use",
            ),
            Case(
                "409 with a message alone",
                &[("POST /w", 202, &["Location: {at}/m"], ""), ("GET /m", 409, &[], r#"{"message":"no"}"#)],
                "failed: no",
            ),
            Case(
                "400 without a body",
                &[("PUT /w", 202, &["Location: {at}/m"], ""), ("GET /m", 400, &[], "")],
                "failed",
            ),
            Case(
                "200 with a resource that failed",
                &[
                    ("DELETE /w", 202, &["Location: {at}/m"], widget!("Deleting")),
                    ("GET /m", 200, &[], widget!("Failed")),
                ],
                "failed",
            ),
            Case(
                "200 with a resource that somebody stopped",
                &[
                    ("DELETE /w", 202, &["Location: {at}/m"], widget!("Deleting")),
                    ("GET /m", 200, &[], widget!("Canceled")),
                ],
                "cancelled",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_says_nothing_of_the_operation_is_neither_success_nor_failure() {
    hold(
        "azure",
        &[
            Case(
                "404, which an operation that is not known here any more has too",
                &[
                    ("DELETE /w", 202, &["Location: {at}/m"], ""),
                    ("GET /m", 202, &[], ""),
                    ("GET /m", 404, &[], ""),
                ],
                "error: no such operation: HTTP 404 Not Found",
            ),
            Case(
                "401",
                &[("DELETE /w", 202, &["Location: {at}/m"], ""), ("GET /m", 401, &[], "")],
                "error: not allowed to ask: HTTP 401 Unauthorized",
            ),
            Case(
                "200 with a body that breaks off",
                &[
                    ("POST /w", 202, &["Location: {at}/m"], ""),
                    ("GET /m", 200, &[], r#"{"id": "#),
                    ("GET /m", 200, &[], r#"{"id": "#),
                ],
                "error: no usable answer: the answer is not a status of an operation: it is not JSON: …",
            ),
            Case(
                "500 for good",
                &[
                    ("DELETE /w", 202, &["Location: {at}/m"], ""),
                    ("GET /m", 500, &[], ""),
                    ("GET /m", 500, &[], ""),
                ],
                "error: no usable answer: HTTP 500 Internal Server Error",
            ),
            Case(
                "400 where it is not known yet whether it is a monitor",
                &[
                    ("PUT /w", 200, &["Location: {at}/m"], widget!("Updating")),
                    ("GET /m", 400, &[], r#"{"error":{"code":"X","message":"no"}}"#),
                ],
                "error: the request cannot succeed: HTTP 400 Bad Request: X: no",
            ),
        ],
    )
    .await;
}
