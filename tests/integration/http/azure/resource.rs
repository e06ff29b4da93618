//! Calls without a word on where the operation is: done at once, or to be asked for at the resource itself.

use super::{Case, MADE, hold, widget};

#[tokio::test]
async fn what_is_done_at_once_is_never_asked_for() {
    hold(
        "azure",
        &[
            Case("PUT 200 of a resource that is there", &[("PUT /w", 200, &[], widget!("Succeeded"))], MADE),
            Case("PUT 201 of a resource that is there", &[("PUT /w", 201, &[], widget!("Succeeded"))], MADE),
            Case(
                "PUT 200 without a state",
                &[("PUT /w", 200, &[], r#"{"id":"100","name":"foo"}"#)],
                r#"succeeded: {"id":"100","name":"foo"}"#,
            ),
            Case(
                "PUT 201 without a state",
                &[("PUT /w", 201, &[], r#"{"id":"100","properties":{}}"#)],
                r#"succeeded: {"id":"100","properties":{}}"#,
            ),
            Case("PUT 201 without a body", &[("PUT /w", 201, &[], "")], "succeeded"),
            Case("PATCH 204", &[("PATCH /w", 204, &[], "")], "succeeded"),
            Case("DELETE 200", &[("DELETE /w", 200, &[], "")], "succeeded"),
            Case("DELETE 204", &[("DELETE /w", 204, &[], "")], "succeeded"),
            Case(
                "POST 200 with what it gives",
                &[("POST /w/keys", 200, &[], r#"{"value":1}"#)],
                r#"succeeded: {"value":1}"#,
            ),
            Case("POST 204", &[("POST /w/restart", 204, &[], "")], "succeeded"),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_resource_in_the_making_is_asked_for_itself() {
    hold(
        "azure",
        &[
            Case(
                "PUT 201 that comes to be",
                &[
                    ("PUT /w?api-version=1", 201, &[], widget!("Creating")),
                    ("GET /w?api-version=1", 200, &[], widget!("PreparingVMDisk")),
                    ("GET /w?api-version=1", 200, &[], widget!("Succeeded")),
                ],
                MADE,
            ),
            Case(
                "PUT 200 whose state is gone in the end",
                &[
                    ("PUT /w", 200, &[], widget!("Updating")),
                    ("GET /w", 200, &[], r#"{"id":"/w","name":"w","type":"T/w"}"#),
                ],
                r#"succeeded: {"id":"/w","name":"w","type":"T/w"}"#,
            ),
            Case(
                "PATCH 200 that goes on",
                &[("PATCH /w", 200, &[], widget!("Updating")), ("GET /w", 200, &[], widget!("Succeeded"))],
                MADE,
            ),
            Case(
                "PUT 201 that fails",
                &[
                    ("PUT /w", 201, &[], widget!("Created")),
                    (
                        "GET /w",
                        200,
                        &[],
                        r#"{"id":"/w","properties":{"provisioningState":"Failed","error":{"code":"Quota","message":"no cores"}}}"#,
                    ),
                ],
                "failed: Quota: no cores",
            ),
            Case(
                "PUT 200 that failed at once",
                &[("PUT /w", 200, &[], widget!("Failed")), ("GET /w", 200, &[], widget!("Failed"))],
                "failed",
            ),
            Case(
                "PUT 200 that somebody stops",
                &[("PUT /w", 200, &[], widget!("Accepted")), ("GET /w", 200, &[], widget!("Canceled"))],
                "cancelled",
            ),
            Case(
                "Deleted is not an end",
                &[
                    ("PUT /w", 200, &[], widget!("Accepted")),
                    ("GET /w", 200, &[], widget!("Deleted")),
                    ("GET /w", 200, &[], widget!("Succeeded")),
                ],
                MADE,
            ),
            Case(
                "PUT 202 in the old model, with a state and nothing else",
                &[("PUT /w", 202, &[], widget!("Accepted")), ("GET /w", 200, &[], widget!("Succeeded"))],
                MADE,
            ),
        ],
    )
    .await;
}
