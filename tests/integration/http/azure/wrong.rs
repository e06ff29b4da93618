//! Starting calls that are refused, that name nothing, or that name something that is not asked.

use super::{Case, hold, widget};

const NOWHERE: &str = "error: the answer was not understood: the server accepted the call, but its answer does not say \
                       where the operation is";
const NOWHERE_BUT_THIS: &str = "error: the answer was not understood: the server accepted the call, but its answer does not say \
                       where the operation is; it begins with …";

#[tokio::test]
async fn a_call_that_is_refused_has_started_nothing() {
    hold(
        "azure",
        &[
            Case(
                "PUT 400",
                &[("PUT /w", 400, &[], r#"{"error":{"code":"X","message":"no"}}"#)],
                "error: the request cannot succeed: the server refused the call, so nothing was started: HTTP 400 Bad Request: X: no",
            ),
            Case("DELETE 404", &[("DELETE /w", 404, &[], "")], "error: the request cannot succeed: the server refused the call, so nothing was started: HTTP 404 Not Found"),
            Case("POST 409", &[("POST /w", 409, &[], r#"{"message":"busy"}"#)], "error: the request cannot succeed: the server refused the call, so nothing was started: HTTP 409 Conflict: busy"),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_is_accepted_without_a_place_to_ask_at_is_no_success() {
    hold(
        "azure",
        &[
            Case("POST 202", &[("POST /w/run", 202, &[], "")], NOWHERE),
            Case("DELETE 202", &[("DELETE /w", 202, &["Location: "], "")], NOWHERE),
            Case("PUT 202", &[("PUT /w", 202, &[], "{}")], NOWHERE_BUT_THIS),
            Case("PATCH 202", &[("PATCH /w", 202, &[], widget!("Succeeded"))], NOWHERE_BUT_THIS),
        ],
    )
    .await;
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_no_success() {
    hold(
        "azure",
        &[
            Case(
                "a PUT is sent again",
                &[("PUT /w", 200, &[], r#"{"id":"#), ("PUT /w", 200, &[], r#"{"id":"#)],
                "error: no usable answer: the answer is not JSON: …",
            ),
            Case("a POST is not", &[("POST /w", 200, &[], "<html>")], "error: the request cannot succeed: it is open whether the server carried out the call, so it is not sent again: the answer is not JSON: …"),
            Case("nor is one with half an answer", &[("PATCH /w", 200, &[], r#"{"id":"#)], "error: the request cannot succeed: it is open whether the server carried out the call, so it is not sent again: the answer is not JSON: …"),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_place_on_another_host_is_not_asked() {
    hold(
        "azure",
        &[
            Case(
                "a status elsewhere",
                &[("PUT /w", 201, &["Azure-AsyncOperation: https://evil.example/s"], widget!("Creating"))],
                "error: the request cannot succeed: the server says to go on elsewhere: `https://evil.example/s` is not at the endpoint {at}, …",
            ),
            Case(
                "a monitor elsewhere",
                &[("DELETE /w", 202, &["Location: //evil.example/m"], "")],
                "error: the request cannot succeed: the server says to go on elsewhere: `http://evil.example/m` is not at the endpoint {at}, …",
            ),
            Case(
                "a monitor that moves elsewhere",
                &[
                    ("DELETE /w", 202, &["Location: {at}/m"], ""),
                    ("GET /m", 202, &["Location: https://evil.example/m"], ""),
                ],
                "error: the request cannot succeed: the server says to go on elsewhere: `https://evil.example/m` is not at the endpoint {at}, …",
            ),
            Case(
                "a result elsewhere",
                &[
                    (
                        "POST /run",
                        202,
                        &["Azure-AsyncOperation: {at}/s", "Location: https://evil.example/m"],
                        "",
                    ),
                    ("GET /s", 200, &[], r#"{"status":"Succeeded"}"#),
                ],
                "error: the request cannot succeed: the operation succeeded, but its result could not be fetched: the server says to go on elsewhere: `https://evil.example/m` is not at the endpoint {at}, …",
            ),
            Case(
                "no URL at all",
                &[("DELETE /w", 202, &["Azure-AsyncOperation: http://[x", "Location: {at}/m"], "")],
                "error: the request cannot succeed: the server says to go on elsewhere: `http://[x` is not a URL: invalid IPv6 address",
            ),
            Case(
                "something else than HTTP",
                &[("DELETE /w", 202, &["Location: file:///etc/passwd"], "")],
                "error: the request cannot succeed: the server says to go on elsewhere: `file:/etc/passwd` is not at the endpoint {at}, …",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_result_that_cannot_be_had_is_told_as_that() {
    hold(
        "azure",
        &[
            Case(
                "400",
                &[
                    ("POST /run", 202, &["Azure-AsyncOperation: {at}/s", "Location: {at}/m"], ""),
                    ("GET /s", 200, &[], r#"{"status":"Succeeded"}"#),
                    ("GET /m", 400, &[], ""),
                ],
                "error: the request cannot succeed: the operation succeeded, but its result could not be fetched: HTTP 400 Bad Request",
            ),
            Case(
                "404",
                &[
                    ("PUT /w", 201, &["Azure-AsyncOperation: {at}/s"], ""),
                    ("GET /s", 200, &[], r#"{"status":"Succeeded"}"#),
                    ("GET /w", 404, &[], r#"{"error":{"code":"ResourceNotFound","message":"no w"}}"#),
                ],
                "error: the request cannot succeed: the operation succeeded, but its result could not be fetched: HTTP 404 Not Found: ResourceNotFound: no w",
            ),
        ],
    )
    .await;
}
