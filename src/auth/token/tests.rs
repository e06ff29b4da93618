//! Where a token comes from, and what is none.

use super::*;
use secrecy::ExposeSecret;

async fn told(token: Token) -> Result<String, String> {
    let issued = token.0.current().await.map_err(|error| error.to_string())?;
    Ok(issued.token.expose_secret().to_owned())
}

#[tokio::test]
async fn a_token_is_given_read_or_printed() {
    let file = std::env::temp_dir().join(format!("lro-token-{}", std::process::id()));
    std::fs::write(&file, " from-file\n").unwrap();
    assert_eq!(told(Token::given("given").unwrap()).await.unwrap(), "given");
    assert_eq!(told(Token::file(&file)).await.unwrap(), "from-file");
    assert_eq!(told(Token::command("echo from-command")).await.unwrap(), "from-command");
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test]
async fn what_is_no_token_is_refused_without_being_told() {
    let given = |token: &str| Token::given(token).unwrap_err().to_string();
    assert_eq!(given(""), "the token is empty");
    let unfit = "the token holds a space, a line break or another character that no token has";
    assert_eq!(given("se cret"), unfit);
    assert_eq!(given("secret\r\nX-Evil: 1"), unfit);
    assert_eq!(told(Token::command("printf ''")).await.unwrap_err(), "the token command is empty");
    assert_eq!(
        told(Token::command("exit 3")).await.unwrap_err(),
        "the token command ended with exit status: 3"
    );
    assert_eq!(
        told(Token::command("head -c 70000 /dev/zero | tr '\\0' x")).await.unwrap_err(),
        "the token command is longer than 64 KiB"
    );
    let missing = told(Token::file("/nowhere/token")).await.unwrap_err();
    assert_eq!(missing, "the token file `/nowhere/token` cannot be read");
}

#[tokio::test]
async fn a_user_with_a_password_may_hold_what_no_other_token_may() {
    let text = "me:pass w\u{f6}rd";
    assert_eq!(told(Token::user_and_password(text).unwrap()).await.unwrap(), text);
    assert_eq!(told(Token::command(format!("echo '{text}'")).basic()).await.unwrap(), text);
    assert!(told(Token::command(format!("echo '{text}'")).bearer()).await.is_err());
    let problem = "is not of the form `user:password`";
    assert_eq!(
        Token::user_and_password("me").unwrap_err().to_string(),
        format!("the user with the password {problem}")
    );
    let later = told(Token::given("s3cret").unwrap().basic()).await.unwrap_err();
    assert_eq!(later, format!("the token {problem}"));
}

#[tokio::test]
async fn a_refused_token_is_followed_by_another_one_or_by_none() {
    let count = std::env::temp_dir().join(format!("lro-renewals-{}", std::process::id()));
    let token = Token::command(format!("echo x >> {0}; wc -l < {0}", count.display()));
    assert_eq!(told(token.clone()).await.unwrap(), "1");
    assert!(token.0.renewed(&SecretString::from("1")).await.unwrap());
    assert_eq!(told(token).await.unwrap(), "2");
    std::fs::remove_file(&count).unwrap();

    let same = Token::command("echo same");
    assert!(!same.0.renewed(&SecretString::from("same")).await.unwrap());
    let given = Token::given("given").unwrap();
    assert!(!given.0.renewed(&SecretString::from("given")).await.unwrap());
}

#[test]
fn debug_shows_no_secret() {
    let shown = format!("{:?} {:?}", Token::given("s3cret").unwrap(), Token::command("echo s3cret"));
    assert_eq!(shown, r#"Token("given") Token("command")"#);
}
