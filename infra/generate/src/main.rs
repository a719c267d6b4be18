//! `cargo run -p roster-generate`: writes what is generated of the declarations of
//! the operations.

use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use roster_generate::{
    count::{ALLOWED, LIMIT, PLANNED_OPERATIONS, resources},
    functions::{Gradual, Variant},
    template::template,
    write,
};

/// Write the template, the binaries and the OpenAPI document from the routes.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Print the template for a gradual deployment.
    ///
    /// This is no parameter of the template, because SAM does not allow it: whether
    /// there are aliases it takes from the text. Where there are, it publishes a
    /// version when that text changes, and not when the value of a parameter does.
    /// So each print is a release of its own, which stands in the environment.
    Gradual {
        /// How traffic moves to the new version: a deployment type of CodeDeploy.
        #[arg(default_value = "Canary10Percent10Minutes", value_parser = KINDS)]
        kind: String,
        #[command(flatten)]
        options: Options,
    },
    /// Print the template with these options.
    Print {
        #[command(flatten)]
        options: Options,
    },
}

/// What is no parameter of the template, as SAM goes by its text.
#[derive(Args)]
struct Options {
    /// Run the functions in a VPC. SAM then gives every role the right to make and delete
    /// network interfaces, whatever a parameter would say.
    #[arg(long)]
    vpc: bool,
    /// Let Lambda take only signed code. SAM then asks for the profile that signs each
    /// function, whatever a parameter would say.
    #[arg(long)]
    signed: bool,
}

/// Those of CodeDeploy that move traffic bit by bit.
const KINDS: [&str; 8] = [
    "Canary10Percent5Minutes",
    "Canary10Percent10Minutes",
    "Canary10Percent15Minutes",
    "Canary10Percent30Minutes",
    "Linear10PercentEvery1Minute",
    "Linear10PercentEvery2Minutes",
    "Linear10PercentEvery3Minutes",
    "Linear10PercentEvery10Minutes",
];

fn main() -> ExitCode {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let done = match Arguments::parse().command {
        None => all(&root),
        Some(Command::Gradual { kind, options }) => gradual(&root, kind, &options),
        Some(Command::Print { options }) => print(&root, &options.with(None)),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("generate: {error}");
            ExitCode::FAILURE
        }
    }
}

impl Options {
    fn with(&self, gradual: Option<Gradual>) -> Variant {
        let (vpc, signed) = (self.vpc, self.signed);
        Variant {
            gradual,
            vpc,
            signed,
        }
    }
}

fn all(root: &Path) -> io::Result<ExitCode> {
    for path in write(root)? {
        println!("changed: {}", path.display());
    }
    let mut code = ExitCode::SUCCESS;
    let release = Gradual {
        kind: "AllAtOnce".to_owned(),
        release: "none".to_owned(),
    };
    for (name, gradual) in [("at once", None), ("gradual", Some(release))] {
        let is_gradual = gradual.is_some();
        let variant = Variant {
            gradual,
            ..Variant::default()
        };
        let count = resources(&template(root, &variant)?, is_gradual);
        println!(
            "deployed {name}: {} of {LIMIT} resources; {} with {PLANNED_OPERATIONS} operations",
            count.now, count.planned
        );
        if count.now > ALLOWED {
            eprintln!("generate: at most {ALLOWED} resources are allowed");
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

#[expect(clippy::disallowed_methods, reason = "names a release")]
fn gradual(root: &Path, kind: String, options: &Options) -> io::Result<ExitCode> {
    let gradual = Gradual {
        kind,
        release: jiff::Timestamp::now()
            .strftime("%Y%m%dT%H%M%SZ")
            .to_string(),
    };
    print(root, &options.with(Some(gradual)))
}

fn print(root: &Path, variant: &Variant) -> io::Result<ExitCode> {
    print!("{}", template(root, variant)?);
    Ok(ExitCode::SUCCESS)
}
