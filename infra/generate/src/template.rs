//! The template: what is hand-written, with the functions put in.

use std::{fs, io, path::Path};

use roster_runtime::function::deployment::Timeout;

use crate::{
    COMMAND, PACKAGES,
    functions::{self, Made, Variant},
};

/// The hand-written parts. A line of the first that names another part, or the
/// functions, is where those go.
const BASE: &str = "base.yaml";
const PARTS: [&str; 1] = ["monitoring.yaml"];
const FUNCTIONS: &str = "functions";
const THROTTLES: &str = "throttles";
const TIMEOUT: &str = "timeout";
const VERSION: &str = "version";

/// Behind which line of [`BASE`] something is added where functions run in a VPC: the
/// parameters, and the setting that all functions share.
const VPC: [(&str, &str); 2] = [
    (
        "\nParameters:\n",
        "  VpcSubnetIds:
    Type: List<AWS::EC2::Subnet::Id>
    Description: Subnets that the functions run in, of at least two availability zones.
  VpcSecurityGroupIds:
    Type: List<AWS::EC2::SecurityGroup::Id>
    Description: Security groups of the functions. They must let HTTPS out.
",
    ),
    (
        "\n    RolePath: !Ref RolePath\n",
        "    VpcConfig:
      SubnetIds: !Ref VpcSubnetIds
      SecurityGroupIds: !Ref VpcSecurityGroupIds
",
    ),
];

/// The same where functions take only signed code. Each function says so itself.
const SIGNED: [(&str, &str); 1] = [(
    "\nParameters:\n",
    "  CodeSigningConfigArn:
    Type: String
    AllowedPattern: ^arn:[^:]+:lambda:[^:]+:\\d{12}:code-signing-config:\\S+$
    Description: ARN of the code signing configuration of every function. Lambda refuses code that nobody it trusts has signed.
",
)];

/// How the API knows its authorizer. Where that one is deployed bit by bit, the API
/// calls its alias.
const AUTHORIZER: &str = "FunctionArn: !GetAtt AuthorizerAuthorizeFunction.Arn";
const AUTHORIZER_ALIAS: &str = "FunctionArn: !Ref AuthorizerAuthorizeFunction.Alias";

/// The whole template.
///
/// # Errors
/// Where a part cannot be read, or nothing says where it goes.
pub fn template(root: &Path, variant: &Variant) -> io::Result<String> {
    let gradual = variant.gradual.as_ref();
    let folder = root.join("infra/template");
    let mut text = format!(
        "# Generated of infra/template/ and the routes in functions/*/src/routes.rs: {COMMAND}\n{}",
        fs::read_to_string(folder.join(BASE))?
    );
    for part in PARTS {
        put(&mut text, part, &fs::read_to_string(folder.join(part))?)?;
    }
    let mut made = Made::default();
    let mut all: String = PACKAGES
        .iter()
        .map(|package| functions::of(package, variant, &mut made))
        .collect();
    let timeout = format!("    Timeout: {}", Timeout::DEFAULT);
    put(&mut text, TIMEOUT, &timeout)?;
    let version = format!("    SemanticVersion: {}", env!("CARGO_PKG_VERSION"));
    put(&mut text, VERSION, &version)?;
    put(&mut text, THROTTLES, &functions::throttles(&PACKAGES))?;
    if gradual.is_some() {
        all.push_str(functions::deployment_role());
    }
    put(&mut text, FUNCTIONS, all.trim_end_matches('\n'))?;
    if gradual.is_some() {
        replace(&mut text, AUTHORIZER, AUTHORIZER_ALIAS)?;
    }
    let vpc = VPC.into_iter().filter(|_| variant.vpc);
    let signed = SIGNED.into_iter().filter(|_| variant.signed);
    for (line, added) in vpc.chain(signed) {
        replace(&mut text, line, &format!("{line}{added}"))?;
    }
    Ok(text)
}

/// Puts a part where the line is that names it.
fn put(text: &mut String, name: &str, part: &str) -> io::Result<()> {
    let mark = format!("# Here: {name}");
    let indent = text.lines().find_map(|line| line.strip_suffix(&mark));
    let mark = format!("{}{mark}", indent.unwrap_or_default());
    replace(text, &mark, part.trim_end_matches('\n'))
}

fn replace(text: &mut String, from: &str, to: &str) -> io::Result<()> {
    if text.matches(from).count() != 1 {
        return Err(io::Error::other(format!(
            "the template must have {from:?} once"
        )));
    }
    *text = text.replace(from, to);
    Ok(())
}
