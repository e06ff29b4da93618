//! A run as a timeline: what happened is recorded, and at the end shown as a page, as a picture, or in Markdown.
//! Whether any of it is wanted, and where it is written, is not known here.

mod axis;
mod drawing;
mod gantt;
mod html;
mod markdown;
mod markup;
mod record;
mod svg;
mod track;
mod words;

#[cfg(test)]
mod tests;

pub(super) use html::page;
pub(super) use markdown::document;
pub(super) use record::{Record, Run};
pub(super) use svg::picture;
pub(super) use track::Track;
pub(super) use words::word;

/// Those that are shown where there is no room for all: first what did not succeed, then what took longest. They stay in
/// their order.
fn shown(tracks: &[Track], most: usize) -> Vec<&Track> {
    if tracks.len() <= most {
        return tracks.iter().collect();
    }
    let mut places: Vec<usize> = (0..tracks.len()).collect();
    places.sort_by_key(|place| {
        let track = &tracks[*place];
        (track.end.outcome == "succeeded", std::cmp::Reverse(track.end.elapsed))
    });
    places.truncate(most);
    places.sort_unstable();
    places.into_iter().map(|place| &tracks[place]).collect()
}

/// That only so many are shown, if it is so.
fn left_out(run: &Run, shown: usize) -> Option<String> {
    let all = run.tracks.len() + run.forgotten;
    (shown < all).then(|| {
        format!(
            "{shown} of {all} operations are shown here: what did not succeed first, then what took longest"
        )
    })
}
