//! Who asks, and where, as it is said by flags and variables of our own.
//! What else is on the machine is not known here.

use lro::auth::Token;
use lro::http::{Endpoint, LocationError, Place};
use lro::preset::Scheme;

use crate::cli::args;
use crate::cli::connect::Reference;
use crate::cli::failure::Failure;

/// The token of our own flags and variables, carried as the API takes it. A cloud that is named by a flag comes before a
/// variable.
pub(super) fn token(args: &args::Access, auth: Scheme) -> Result<Option<(Token, String)>, Failure> {
    let scheme = match (args.bearer, args.basic, &args.os_cloud) {
        (true, ..) => Scheme::Bearer,
        (_, true, _) => Scheme::Basic,
        // Whoever names a cloud speaks of OpenStack.
        (.., Some(_)) => Scheme::Openstack,
        _ => auth,
    };
    let given = match (&args.token_file, &args.token_command) {
        (Some(file), _) => {
            Some((Token::file(file), args.origins.with("token-file", &format!(" {}", file.display()))))
        }
        (None, Some(command)) => Some((Token::command(command), args.origins.with("token-command", ""))),
        (None, None) => None,
    };
    let said = |(token, from): (Token, String)| match scheme {
        Scheme::Bearer => Ok(Some((token.bearer(), from))),
        Scheme::Basic => Ok(Some((token.basic(), from))),
        Scheme::None => Err(Failure::usage("this API takes no token, by its preset")
            .hint("say how to send it all the same: --bearer or --basic".to_owned())),
        _ => Ok(Some((token, from))),
    };
    if let Some(given) = given {
        return said(given);
    }
    // A token that lies around is for those who take one.
    let is_wanted = args.os_cloud.is_none() && scheme != Scheme::None;
    let Some(token) = std::env::var_os("LRO_TOKEN").filter(|_| is_wanted) else {
        return if args.bearer || args.basic { Err(no_token(args)) } else { Ok(None) };
    };
    let wrong = || Failure::usage("the variable LRO_TOKEN cannot be used");
    let token = token.into_string().map_err(|_| wrong().caused_by("the token is not text"))?;
    let token = token.trim();
    let made = if scheme == Scheme::Basic { Token::user_and_password(token) } else { Token::given(token) };
    said((made.map_err(|error| wrong().caused_by(error))?, "variable LRO_TOKEN".to_owned()))
}

fn no_token(args: &args::Access) -> Failure {
    let (flag, what) = if args.basic { ("--basic", "user:password") } else { ("--bearer", "a token") };
    let hint =
        format!("give {what} in the variable LRO_TOKEN, with --token-file FILE or --token-command COMMAND");
    Failure::usage(format!("{flag} has nothing to send")).hint(hint)
}

/// The endpoint of our own flags and variables, or that of the operation, if it is a URL.
pub(super) fn endpoint(
    args: &args::Access,
    at: Option<&Reference>,
) -> Result<Option<(Place, Option<String>)>, Failure> {
    let given = args.endpoint.as_deref();
    let wrong = |error: &LocationError| Failure::usage(format!("the endpoint cannot be used: {error}"));
    match (given.filter(|endpoint| !endpoint.is_empty()), at) {
        (Some(given), _) => {
            let endpoint =
                Endpoint::parse(given).map_err(|error| wrong(&error).hint(endpoint_hint(&error)))?;
            Ok(Some((endpoint.into(), Some(args.origins.of("endpoint")))))
        }
        (None, Some(reference)) => {
            let endpoint = Endpoint::of(&reference.location).map_err(|error| wrong(&error))?;
            Ok(Some((endpoint.into(), Some("the URL of the operation".to_owned()))))
        }
        (None, None) => Ok(None),
    }
}

fn endpoint_hint(error: &LocationError) -> Option<String> {
    match error {
        // A host, perhaps with a port, but nothing that says what to speak with it.
        LocationError::NotHttp { url }
            if url.split_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok()) =>
        {
            Some(format!("perhaps https://{url}"))
        }
        LocationError::MoreThanOrigin { origin, .. } => Some(format!("write {origin}")),
        LocationError::Credentials => {
            Some("the token is given with LRO_TOKEN, --token-file or --token-command".to_owned())
        }
        _ => None,
    }
}
