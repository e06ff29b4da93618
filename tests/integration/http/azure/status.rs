//! Azure-AsyncOperation and Operation-Location: the status of the operation, and where its result is.

use super::{Case, MADE, hold, widget};

#[tokio::test]
async fn a_status_is_asked_until_it_ends_and_then_what_it_made_is_fetched() {
    hold(
        "azure",
        &[
            Case(
                "PUT: what it made is at its own URL, whatever Location says",
                &[
                    (
                        "PUT /w?v=1",
                        201,
                        &["Azure-AsyncOperation: {at}/s", "Location: nonsense"],
                        widget!("Accepted"),
                    ),
                    ("GET /s", 200, &[], r#"{"status":"InProgress"}"#),
                    ("GET /s", 200, &[], r#"{"status":"Succeeded"}"#),
                    ("GET /w?v=1", 200, &[], widget!("Succeeded")),
                ],
                MADE,
            ),
            Case(
                "PATCH: so is what it changed",
                &[
                    ("PATCH /w", 202, &["Azure-AsyncOperation: {at}/s", "Location: {at}/m"], ""),
                    ("GET /s", 200, &[], r#"{"status":"Succeeded"}"#),
                    ("GET /w", 200, &[], r#"{"id":"/w"}"#),
                ],
                r#"succeeded: {"id":"/w"}"#,
            ),
            Case(
                "DELETE: nothing is left to fetch",
                &[
                    ("DELETE /w", 202, &["Azure-AsyncOperation: {at}/s", "Location: {at}/m"], ""),
                    ("GET /s", 202, &["Location: {at}/m"], r#"{"status":"Deleting"}"#),
                    ("GET /s", 200, &[], r#"{"status":"Succeeded"}"#),
                ],
                "succeeded",
            ),
            Case(
                "a status that moves is followed",
                &[
                    ("POST /run", 200, &["Operation-Location: {at}/s"], ""),
                    ("GET /s", 200, &["Operation-Location: {at}/t"], r#"{"status":"Running"}"#),
                    ("GET /t", 200, &[], r#"{"status":"Succeeded"}"#),
                ],
                "succeeded",
            ),
            Case(
                "Azure-AsyncOperation comes before Operation-Location",
                &[
                    ("DELETE /w", 202, &["Operation-Location: {at}/t", "Azure-AsyncOperation: {at}/s"], ""),
                    ("GET /s", 200, &[], r#"{"status":"Succeeded"}"#),
                ],
                "succeeded",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_an_action_gave_is_fetched_where_it_is() {
    hold(
        "azure",
        &[
            Case(
                "POST: what it gave is at its Location",
                &[
                    ("POST /w/keys", 202, &["Azure-AsyncOperation: {at}/s", "Location: {at}/m"], ""),
                    ("GET /s", 200, &[], r#"{"status":"succeeded","properties":{"x":1}}"#),
                    ("GET /m", 200, &[], "[1]"),
                ],
                "succeeded: [1]",
            ),
            Case(
                "POST: a relative Location is seen from where it was named",
                &[
                    ("POST /a/keys", 202, &["Azure-AsyncOperation: /b/s", "Location: results/1"], ""),
                    ("GET /b/s", 200, &[], r#"{"status":"Succeeded"}"#),
                    ("GET /a/results/1", 200, &[], "1"),
                ],
                "succeeded: 1",
            ),
            Case(
                "POST: an action may give nothing",
                &[
                    ("POST /w/run", 202, &["Azure-AsyncOperation: {at}/s", "Location: {at}/m"], ""),
                    ("GET /s", 200, &[], r#"{"status":"Succeeded"}"#),
                    ("GET /m", 204, &[], ""),
                ],
                "succeeded",
            ),
            Case(
                "POST: without a Location the result is in the status",
                &[
                    ("POST /run", 202, &["Operation-Location: {at}/s"], r#"{"status":"NotStarted"}"#),
                    ("GET /s", 200, &[], r#"{"status":"Running"}"#),
                    ("GET /s", 200, &[], r#"{"status":"Succeeded","result":{"x":1}}"#),
                ],
                r#"succeeded: {"x":1}"#,
            ),
            Case(
                "POST: or where the status says",
                &[
                    ("POST /run", 202, &["Operation-Location: {at}/s"], ""),
                    ("GET /s", 200, &[], r#"{"status":"Succeeded","resourceLocation":"{at}/r"}"#),
                    ("GET /r", 200, &[], "7"),
                ],
                "succeeded: 7",
            ),
            Case(
                "a result that is not ready is asked for again, and the status is not",
                &[
                    ("POST /w/keys", 202, &["Azure-AsyncOperation: {at}/s", "Location: {at}/m"], ""),
                    ("GET /s", 200, &[], r#"{"status":"Succeeded"}"#),
                    ("GET /m", 202, &["Retry-After: 0"], ""),
                    ("GET /m", 200, &[], "1"),
                ],
                "succeeded: 1",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_status_says_how_it_ended_otherwise() {
    hold(
        "azure",
        &[
            Case(
                "Failed, with code and words",
                &[
                    ("POST /run", 202, &["Azure-AsyncOperation: {at}/s", "Location: {at}/m"], ""),
                    (
                        "GET /s",
                        200,
                        &[],
                        r#"{"status":"Failed","error":{"code":"BadArgument","message":"no foo"}}"#,
                    ),
                ],
                "failed: BadArgument: no foo",
            ),
            Case(
                "Failed, without a word",
                &[
                    ("DELETE /w", 202, &["Azure-AsyncOperation: {at}/s"], ""),
                    ("GET /s", 200, &[], r#"{"status":"Failed"}"#),
                ],
                "failed",
            ),
            Case(
                "Canceled",
                &[
                    ("DELETE /w", 202, &["Azure-AsyncOperation: {at}/s"], ""),
                    ("GET /s", 200, &[], r#"{"status":"Accepted"}"#),
                    ("GET /s", 200, &[], r#"{"status":"Canceled","error":{"code":"Preempted"}}"#),
                ],
                "cancelled: Preempted",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_is_no_status_never_ends_an_operation() {
    hold(
        "azure",
        &[
            Case(
                "no body",
                &[
                    ("PUT /w", 200, &["Azure-AsyncOperation: {at}/s"], widget!("Creating")),
                    ("GET /s", 200, &[], ""),
                    ("GET /s", 200, &[], ""),
                ],
                "error: no usable answer: the answer is not a status of an operation: it is empty",
            ),
            Case(
                "204",
                &[
                    ("DELETE /w", 202, &["Azure-AsyncOperation: {at}/s"], ""),
                    ("GET /s", 204, &[], ""),
                    ("GET /s", 204, &[], ""),
                ],
                "error: no usable answer: the answer is not a status of an operation: it is empty",
            ),
            Case(
                "no status",
                &[
                    ("PUT /w", 200, &["Azure-AsyncOperation: {at}/s"], widget!("Creating")),
                    ("GET /s", 200, &[], "{}"),
                    ("GET /s", 200, &[], widget!("Succeeded")),
                ],
                "error: no usable answer: the answer is not a status of an operation: it has another shape than the API's answers: …",
            ),
            Case(
                "a body that breaks off",
                &[
                    ("POST /run", 202, &["Azure-AsyncOperation: {at}/s"], ""),
                    ("GET /s", 200, &[], r#"{"status":"Succeeded""#),
                    ("GET /s", 200, &[], r#"{"status":"Succeeded""#),
                ],
                "error: no usable answer: the answer is not a status of an operation: it is not JSON: …",
            ),
            Case(
                "400, which is about the reading",
                &[
                    ("PUT /w", 200, &["Azure-AsyncOperation: {at}/s"], widget!("Creating")),
                    ("GET /s", 400, &[], r#"{"error":{"code":"X","message":"no"},"status":"Failed"}"#),
                ],
                "error: the request cannot succeed: HTTP 400 Bad Request: X: no",
            ),
            Case(
                "404, which is too",
                &[("DELETE /w", 202, &["Azure-AsyncOperation: {at}/s"], ""), ("GET /s", 404, &[], "")],
                "error: no such operation: HTTP 404 Not Found",
            ),
            Case(
                "503 once is outwaited",
                &[
                    ("DELETE /w", 202, &["Azure-AsyncOperation: {at}/s"], ""),
                    ("GET /s", 503, &["Retry-After: 0"], r#"{"status":"Failed"}"#),
                    ("GET /s", 200, &[], r#"{"status":"Succeeded"}"#),
                ],
                "succeeded",
            ),
        ],
    )
    .await;
}
