//! All rows of the matrix, and when in a wait a fault is met.
//! Each kind of fault has its own file.

mod body;
mod connection;
mod head;
mod http2;
mod status;
mod tls;

use super::row::Row;

pub(super) fn all() -> Vec<Row> {
    [connection::rows(), tls::rows(), http2::rows(), head::rows(), status::rows(), body::rows()].concat()
}
