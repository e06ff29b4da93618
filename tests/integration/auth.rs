//! Being allowed, over real sockets: what is asked of whom, how often, and what each refusal means.
//! A real Keystone is asked elsewhere; here each answer is scripted.

pub(crate) mod catalog;
mod keystone;
#[cfg(feature = "clouds")]
mod machine;
mod proof;
pub(crate) mod renewal;
mod seam;
