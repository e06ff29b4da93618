//! What is wrong with a file, in words of our own: those of the reader may quote the file, and that may hold a secret.
//! Which file it is is not known here.

use serde_saphyr::Error;
use serde_saphyr::ExternalMessageSource::Parser;
use serde_saphyr::granit_parser::ErrorKind;

/// What is wrong with a file, in words that hold nothing of it: what it holds may be a secret.
pub(super) fn told(error: &Error) -> String {
    match error.without_snippet() {
        Error::AliasError { error, .. } => return told(error),
        // What is expected are words of this file here.
        Error::SerdeInvalidType { expected, .. } => return format!("expected is {expected}"),
        Error::ExternalMessage { source, .. } => {
            if let Parser(error) = &**source {
                match error.kind() {
                    ErrorKind::MappingValueNotAllowed
                    | ErrorKind::InvalidColonPlacement
                    | ErrorKind::InvalidMappingValueWhitespace => {
                        "there is a colon where none may be; a text that holds one needs quotes"
                    }
                    ErrorKind::TabNotAllowed
                    | ErrorKind::TabInBlockIndentation
                    | ErrorKind::TabInIndentation
                    | ErrorKind::TabInPlainScalar => "there is a tab, and YAML is indented with spaces",
                    ErrorKind::InvalidIndentation => "it is not indented like what it belongs to",
                    ErrorKind::UnclosedQuotedScalar | ErrorKind::InvalidQuotedScalarIndent => "a quote is never closed",
                    ErrorKind::UnknownAnchor => "an alias names an anchor that is not there",
                    ErrorKind::UnclosedFlowCollection { .. }
                    | ErrorKind::MisplacedFlowCollectionEnd
                    | ErrorKind::MismatchedFlowCollectionEnd { .. } => "a bracket has no partner",
                    ErrorKind::RecursionLimitExceeded => "it is nested too deeply",
                    _ => "expected is YAML: `key: value`, one a line, and what belongs to it indented with spaces",
                }
            } else {
                "it is not YAML"
            }
        }
        Error::DuplicateMappingKey { .. } => "a key is there for the second time",
        Error::UnknownAnchor { .. } => "an alias names an anchor that is not there",
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => "it becomes too much when its aliases are followed",
        Error::RecursiveReferencesRequireWeakTypes { .. } => "an alias is within what it stands for",
        Error::MultipleDocuments { .. } => "a second document begins, and only one is read",
        Error::MergeValueNotMapOrSeqOfMaps { .. } => "expected is a mapping behind `<<`",
        Error::Eof { .. } => "it is empty",
        Error::Unexpected { expected, .. } if expected.contains("sequence") => "expected is a list",
        Error::Unexpected { expected, .. } if expected.contains("mapping") => "expected is a mapping",
        _ => "expected is a text; one that means something in YAML needs quotes",
    }
    .to_owned()
}
