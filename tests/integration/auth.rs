//! Being allowed, over real sockets: what is asked of whom, how often, and what each refusal means.
//! A real Keystone is asked elsewhere; here each answer is scripted.

mod keystone;
mod renewal;
mod seam;
