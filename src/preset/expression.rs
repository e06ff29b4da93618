//! Expressions.
//! What they mean for an operation is not known here.

use serde_json::Value;
#[derive(Debug, Clone)]
pub(super) struct Expression {
    text: String,
    compiled: jmespath::Expression<'static>,
}
pub(super) struct ExpressionError {
    pub(super) problem: String,
    pub(super) hint: Option<String>,
}
impl Expression {
    pub(super) fn compile(text: &str) -> Result<Self, ExpressionError> {
        Ok(Self {
            text: text.to_owned(),
            compiled: runtime()
                .compile(text)
                .map_err(|e| ExpressionError { problem: e.to_string(), hint: None })?,
        })
    }
    pub(super) fn text(&self) -> &str {
        &self.text
    }
    pub(super) fn evaluate(&self, document: &Value) -> Result<Value, String> {
        let found = self.compiled.search(document).map_err(|e| e.to_string())?;
        serde_json::to_value(&found).map_err(|e| e.to_string())
    }
}
fn runtime() -> &'static jmespath::Runtime {
    static R: std::sync::LazyLock<jmespath::Runtime> = std::sync::LazyLock::new(|| {
        let mut r = jmespath::Runtime::new();
        r.register_builtin_functions();
        r.register_function(
            "lower",
            Box::new(jmespath::functions::CustomFunction::new(
                jmespath::functions::Signature::new(vec![jmespath::functions::ArgumentType::Any], None),
                Box::new(|args: &[jmespath::Rcvar], _: &mut jmespath::Context<'_>| {
                    Ok(match args[0].as_string() {
                        Some(s) => jmespath::Rcvar::new(jmespath::Variable::String(s.to_lowercase())),
                        None => args[0].clone(),
                    })
                }),
            )),
        );
        r
    });
    &R
}
pub(super) fn is_truthy(v: &Value) -> bool {
    match v {
        Value::Null | Value::Bool(false) => false,
        Value::String(s) => !s.is_empty(),
        Value::Array(a) => !a.is_empty(),
        Value::Object(o) => !o.is_empty(),
        _ => true,
    }
}
