//! Templates: how an id becomes a path, whether a person types it or the answer to a starting call names it.
//! Whether there is anything at that path is not known here.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

/// What may stand in a segment of a path as it is: RFC 3986, unreserved.
const NOT_IN_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The same, and slashes.
const NOT_IN_PATH: &AsciiSet = &NOT_IN_SEGMENT.remove(b'/');

/// A text with places to be filled.
#[derive(Debug, Clone)]
struct Places(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// What stands between braces.
    Place(String),
}

impl Places {
    fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut left = text;
        while let Some(open) = left.find(['{', '}']) {
            let (before, from) = left.split_at(open);
            let close = from.find('}').filter(|_| from.starts_with('{'));
            let Some(close) = close else {
                return Err(format!("a brace of `{text}` has no other one"));
            };
            parts.extend((!before.is_empty()).then(|| Part::Text(before.to_owned())));
            parts.push(Part::Place(from[1..close].to_owned()));
            left = &from[close + 1..];
        }
        parts.extend((!left.is_empty()).then(|| Part::Text(left.to_owned())));
        Ok(Self(parts))
    }

    fn places(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Place(place) => Some(place.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The text with each place filled, unless one cannot be.
    fn filled(&self, mut fill: impl FnMut(&str) -> Option<String>) -> Option<String> {
        self.0
            .iter()
            .map(|part| match part {
                Part::Text(text) => Some(text.clone()),
                Part::Place(place) => fill(place),
            })
            .collect()
    }
}

/// How the location of an operation is made of a value and of the URL of the call that started it.
#[derive(Debug, Clone)]
pub(super) struct Template(Places);

impl Template {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let places = Places::parse(text)?;
        for place in places.places() {
            if !matches!(place, "" | "+" | "path" | "url") && segment_number(place).is_none() {
                return Err(format!(
                    "`{{{place}}}` is no place of a template; those are {{}}, {{+}}, {{1}}, {{2}}, … {{path}} and {{url}}"
                ));
            }
        }
        Ok(Self(places))
    }

    /// Whether there is a place for a value.
    pub(super) fn takes_value(&self) -> bool {
        self.0.places().any(|place| matches!(place, "" | "+"))
    }

    /// Whether it can only be filled after a starting call.
    pub(super) fn takes_start(&self) -> bool {
        self.0.places().any(|place| !matches!(place, "" | "+"))
    }

    /// The location, if everything that it needs is there.
    pub(super) fn fill(&self, value: Option<&str>, started_at: Option<&str>) -> Option<String> {
        let url = started_at.and_then(|url| Url::parse(url).ok());
        self.0.filled(|place| match place {
            "" => segment(value?),
            "+" => path(value?),
            "path" => url.as_ref().map(|url| url.path().trim_end_matches('/').to_owned()),
            "url" => url.as_ref().map(ToString::to_string),
            number => {
                let mut segments = url.as_ref()?.path_segments()?;
                segments.nth(segment_number(number)? - 1).map(str::to_owned)
            }
        })
    }
}

/// How what a person types becomes a path.
#[derive(Debug, Clone)]
pub(super) struct Typed(Places);

impl Typed {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let places = Places::parse(text)?;
        if !text.starts_with('/') {
            return Err(format!("`{text}` does not begin with a slash"));
        }
        let names: Vec<_> = places.places().collect();
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        let Some((last, others)) = names.split_last() else {
            return Err(format!("`{text}` has no place for an id, as in /jobs/{{job_id}}"));
        };
        let last = last.strip_prefix('+').unwrap_or(last);
        if let Some(name) = others.iter().chain([&last]).find(|name| !is_name(name)) {
            return Err(format!("`{{{name}}}` is no name of an id, as in {{job_id}}"));
        }
        Ok(Self(places))
    }

    /// What is to be typed, in capitals: `PROJECT_ID/JOB_ID`.
    pub(super) fn form(&self) -> String {
        let names: Vec<_> = self.0.places().map(|name| name.trim_start_matches('+').to_uppercase()).collect();
        names.join("/")
    }

    /// The path for what was typed, if it has as many parts as it should.
    pub(super) fn path(&self, typed: &str) -> Option<String> {
        let count = self.0.places().count();
        let takes_rest = self.0.places().any(|name| name.starts_with('+'));
        let parts: Vec<_> =
            if takes_rest { typed.splitn(count, '/').collect() } else { typed.split('/').collect() };
        let mut parts = Some(parts).filter(|parts| parts.len() == count)?.into_iter();
        self.0.filled(|name| {
            let part = parts.next()?;
            if name.starts_with('+') { path(part) } else { segment(part) }
        })
    }
}

impl Typed {
    /// What would be typed for this location: the parts of the end of its path that stand in the places.
    pub(super) fn typed(&self, location: &str) -> Option<String> {
        let path = location.split(['?', '#']).next().unwrap_or_default();
        let form: String = self.0.filled(|name| Some(format!("{{{name}}}")))?;
        let mut segments = path.rsplit('/');
        let mut parts = Vec::new();
        for place in form.rsplit('/').filter(|place| !place.is_empty()) {
            let segment = segments.next()?;
            match place.strip_prefix('{').and_then(|place| place.strip_suffix('}')) {
                // How many segments that is can only be told from the front.
                Some(name) if name.starts_with('+') => return None,
                Some(_) => parts.push(percent_decode_str(segment).decode_utf8().ok()?.into_owned()),
                None if place == segment => {}
                None => return None,
            }
        }
        parts.reverse();
        Some(parts.join("/")).filter(|typed| self.path(typed).is_some())
    }
}

/// One segment of a path. What would lead out of its place is none.
fn segment(value: &str) -> Option<String> {
    let is_one = !matches!(value, "" | "." | "..");
    is_one.then(|| utf8_percent_encode(value, NOT_IN_SEGMENT).to_string())
}

/// Several segments of a path.
fn path(value: &str) -> Option<String> {
    let value = value.trim_start_matches('/');
    let is_path = !value.is_empty() && value.split('/').all(|segment| !matches!(segment, "." | ".."));
    is_path.then(|| utf8_percent_encode(value, NOT_IN_PATH).to_string())
}

fn segment_number(place: &str) -> Option<usize> {
    place.parse().ok().filter(|number| (1..=99).contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTED: &str = "https://ecs.example/v1/p1/cloudservers?x=1";

    #[test]
    fn a_location_is_made_of_a_value_and_of_where_the_start_was() {
        for (template, location) in [
            ("{}", Some("a%2Fb%20c")),
            ("/{1}/{2}/jobs/{}", Some("/v1/p1/jobs/a%2Fb%20c")),
            ("/{1}/{+}", Some("/v1/a/b%20c")),
            ("{path}/{}", Some("/v1/p1/cloudservers/a%2Fb%20c")),
            ("{url}", Some(STARTED)),
            ("/{9}/{}", None),
            ("/fixed", Some("/fixed")),
        ] {
            let filled = Template::parse(template).unwrap().fill(Some("a/b c"), Some(STARTED));
            assert_eq!(filled.as_deref(), location, "{template}");
        }
        let template = Template::parse("/{1}/jobs/{}").unwrap();
        assert_eq!(template.fill(Some("a"), None), None);
        assert_eq!(template.fill(None, Some(STARTED)), None);
        assert!(template.takes_value() && template.takes_start());
    }

    #[test]
    fn a_value_stays_in_its_place() {
        for (value, one, several) in [
            ("..", None, None),
            ("", None, None),
            ("a/../../b", Some("/x/a%2F..%2F..%2Fb"), None),
            ("/etc/passwd", Some("/x/%2Fetc%2Fpasswd"), Some("/x/etc/passwd")),
            ("//evil.example", Some("/x/%2F%2Fevil.example"), Some("/x/evil.example")),
            ("a?b#c", Some("/x/a%3Fb%23c"), Some("/x/a%3Fb%23c")),
        ] {
            let fill = |template: &str| Template::parse(template).unwrap().fill(Some(value), None);
            assert_eq!(fill("/x/{}").as_deref(), one, "{value}");
            assert_eq!(fill("/x/{+}").as_deref(), several, "{value}");
        }
    }

    #[test]
    fn what_is_typed_becomes_a_path() {
        let typed = Typed::parse("/v1/{project_id}/jobs/{job_id}").unwrap();
        assert_eq!(typed.form(), "PROJECT_ID/JOB_ID");
        assert_eq!(typed.path("p/j k").as_deref(), Some("/v1/p/jobs/j%20k"));
        for wrong in ["p", "p/", "p/j/k", "../j", ""] {
            assert_eq!(typed.path(wrong), None, "{wrong}");
        }
        for (location, typed_for_it) in [
            ("/v1/p/jobs/j%20k", Some("p/j k")),
            ("https://gateway.example/ecs/v1/p/jobs/j?x=1", Some("p/j")),
            ("/v1/p/job/j", None),
            ("/jobs/j", None),
            ("/v1/p/jobs/", None),
        ] {
            assert_eq!(typed.typed(location).as_deref(), typed_for_it, "{location}");
        }
        let rest = Typed::parse("/v1/{+name}").unwrap();
        assert_eq!(rest.form(), "NAME");
        assert_eq!(rest.path("operations/o1").as_deref(), Some("/v1/operations/o1"));
    }

    #[test]
    fn a_broken_template_is_refused_with_the_reason() {
        let template = |text: &str| Template::parse(text).unwrap_err();
        assert_eq!(template("/{1"), "a brace of `/{1` has no other one");
        assert_eq!(template("/1}"), "a brace of `/1}` has no other one");
        assert!(template("/{id}").starts_with("`{id}` is no place of a template"));
        assert!(template("/{0}").starts_with("`{0}` is no place of a template"));
        let typed = |text: &str| Typed::parse(text).unwrap_err();
        assert_eq!(typed("/jobs"), "`/jobs` has no place for an id, as in /jobs/{job_id}");
        assert_eq!(typed("jobs/{id}"), "`jobs/{id}` does not begin with a slash");
        assert_eq!(typed("/{+all}/{id}"), "`{+all}` is no name of an id, as in {job_id}");
        assert_eq!(typed("/{Id}"), "`{Id}` is no name of an id, as in {job_id}");
    }
}
