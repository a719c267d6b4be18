//! The functions in the template, each with a role that may do what its
//! declaration says.

use roster_runtime::{
    Access, Route,
    function::deployment::{Action, Grant, Memory, Needs, Partition, Purpose, Timeout, Variable},
    function::route::Method,
};

use crate::Package;

/// What makes a template another than the one that is checked in.
#[derive(Debug, Clone, Default)]
pub struct Variant {
    /// Functions get their new code bit by bit.
    pub gradual: Option<Gradual>,
    /// Functions run in a VPC.
    pub vpc: bool,
    /// Functions take only code that is signed.
    pub signed: bool,
}

/// How a gradual deployment is made.
#[derive(Debug, Clone)]
pub struct Gradual {
    /// The type of CodeDeploy's deployment, as `Canary10Percent10Minutes`.
    pub kind: String,
    /// A text that no deployment before had.
    pub release: String,
}

/// How many functions are made or changed at once: Lambda takes 15 such requests a
/// second, of the whole account.
const AT_ONCE: usize = 10;

/// The functions so far, in the order in which they are made.
#[derive(Debug, Default)]
pub struct Made(Vec<String>);

impl Made {
    /// Adds a function. Answers the one that is to be made before it.
    fn add(&mut self, function: String) -> Option<String> {
        let before = self.0.len().checked_sub(AT_ONCE);
        let before = before.and_then(|index| self.0.get(index)).cloned();
        self.0.push(function);
        before
    }
}

/// The functions and the log group of a package, as lines of the template.
#[must_use]
pub fn of(package: &Package, variant: &Variant, made: &mut Made) -> String {
    let mut text = Lines::default();
    let declared = package
        .functions
        .iter()
        .map(|function| (function.binary, &function.needs, None))
        .chain(package.operations.iter().map(|operation| {
            let route = operation.route;
            (route.binary, &operation.needs, Some(route))
        }));
    let logs = format!("{}Logs", pascal(package.name));
    for (binary, needs, route) in declared {
        let gradual = variant.gradual.as_ref().filter(|_| needs.gradual);
        let function = format!("{}Function", pascal(binary));
        text.at(2, &format!("{function}:"));
        text.at(4, "Type: AWS::Serverless::Function");
        if let Some(before) = made.add(function) {
            text.at(4, &format!("DependsOn: {before}"));
        }
        text.at(4, "Metadata:");
        text.at(6, "BuildMethod: rust-cargolambda");
        text.at(6, "BuildProperties:");
        text.at(8, &format!("Binary: {binary}"));
        text.at(4, "Properties:");
        settings(&mut text, needs, variant, gradual);
        text.at(6, "LoggingConfig:");
        text.at(8, &format!("LogGroup: !Ref {logs}"));
        environment(&mut text, needs.variables, gradual);
        let audit = route.map_or(AuditGrants::NONE, AuditGrants::of);
        policies(&mut text, needs.grants, &audit);
        if let Some(route) = route {
            events(&mut text, route.matches, route.access);
        }
        text.blank();
    }
    // Without a name: a line that comes late would make a group of that name again,
    // outside of the stack, and the next deployment could not.
    text.at(2, &format!("{logs}:"));
    text.at(4, "Type: AWS::Logs::LogGroup");
    text.at(4, "Properties:");
    text.at(6, "RetentionInDays: !Ref LogRetentionDays");
    text.blank();
    text.0
}

fn settings(text: &mut Lines, needs: &Needs, variant: &Variant, gradual: Option<&Gradual>) {
    if variant.signed {
        // Globals cannot say it for all.
        text.at(6, "CodeSigningConfigArn: !Ref CodeSigningConfigArn");
    }
    if needs.memory == Memory::Passwords {
        text.at(6, "MemorySize: !Ref PasswordMemorySize");
    }
    if let Timeout::Seconds(seconds) = needs.timeout {
        text.at(6, &format!("Timeout: {seconds}"));
    }
    if needs.limited {
        text.at(
            6,
            "ReservedConcurrentExecutions: !If [HasLoginConcurrency, !Ref LoginConcurrency, !Ref AWS::NoValue]",
        );
    }
    if let Some(gradual) = gradual {
        text.at(6, "AutoPublishAlias: live");
        // Once its successor has all the traffic: what Lambda stores is limited.
        text.at(6, "VersionDeletionPolicy: Delete");
        text.at(6, "DeploymentPreference:");
        text.at(8, &format!("Type: {}", gradual.kind));
        text.at(8, "Alarms: [!Ref ServerErrorAlarm, !Ref LatencyAlarm]");
        text.at(8, "Role: !GetAtt DeploymentRole.Arn");
    }
}

fn environment(text: &mut Lines, variables: &[Variable], gradual: Option<&Gradual>) {
    if variables.is_empty() && gradual.is_none() {
        return;
    }
    text.at(6, "Environment:");
    text.at(8, "Variables:");
    for variable in variables {
        let value = match variable {
            Variable::AdminKeySecret => "!GetAtt AdminKeySecret.Id",
            Variable::AppUrl => "!Ref AppUrl",
            Variable::EdgeSecretDigest => "!Ref EdgeSecretDigest",
            Variable::AuditDays => "!Ref AuditDays",
            Variable::CalendarAge => "!Ref CalendarAgeMinutes",
            Variable::CalendarsFunction => "!Ref CalendarsRefreshFunction",
            Variable::ChangeDays => "!Ref ChangeDays",
            Variable::HookQueue => "!Ref HookQueue",
            Variable::HookTargets => "!Ref HookTargets",
            Variable::MailDeadLetters => "!Ref MailDeadLetters",
            Variable::MailFrom => "!Ref MailFrom",
            Variable::MailRetries => "!Ref MailRetries",
            Variable::PublicUrl => "!Ref PublicUrl",
            Variable::ReplyDomain => "!Ref ReplyDomain",
            Variable::SealingKey => "!GetAtt SealingKey.Arn",
            Variable::TableName => "!Ref Table",
        };
        text.at(10, &format!("{}: {value}", variable.name()));
    }
    if let Some(gradual) = gradual {
        text.at(10, &format!("RELEASE: {}", gradual.release));
    }
}

fn policies(text: &mut Lines, grants: &[Grant], audit: &AuditGrants) {
    if grants.is_empty() && !audit.writes {
        text.at(6, "Policies: []");
        return;
    }
    text.at(6, "Policies:");
    text.at(8, "- Version: '2012-10-17'");
    text.at(10, "Statement:");
    let mut put = Vec::new();
    for grant in grants {
        match grant {
            Grant::Table {
                actions,
                partitions,
                attributes: [],
            } if audit.writes && actions.contains(&Action::PutItem) => {
                put.extend_from_slice(partitions);
                let others = actions.iter().filter(|one| **one != Action::PutItem);
                let others: Vec<_> = others.copied().collect();
                if !others.is_empty() {
                    on_items(text, &others, partitions, &[]);
                }
            }
            other => statement(text, other),
        }
    }
    if audit.writes {
        // One statement for all that is put: the condition holds every key of a
        // transaction to the same one.
        put.push(Partition::Audit);
        on_items(text, &[Action::PutItem], &put, &[]);
    }
    if audit.refuses {
        on_items(text, &[Action::UpdateItem], &[Partition::Attempts], &[]);
    }
}

/// What the audit log asks of a function's role, whatever else the function does.
struct AuditGrants {
    /// Whether it writes entries.
    writes: bool,
    /// Whether it counts what it refuses.
    refuses: bool,
}

impl AuditGrants {
    const NONE: Self = Self {
        writes: false,
        refuses: false,
    };

    fn of(route: &Route) -> Self {
        let is_public = route.access == Access::Public;
        Self {
            writes: !is_public || route.changes_something(),
            refuses: !is_public,
        }
    }
}

fn allow(text: &mut Lines, actions: &[String], resource: &str) {
    text.at(12, "- Effect: Allow");
    match actions {
        [action] => text.at(14, &format!("Action: {action}")),
        actions => {
            text.at(14, "Action:");
            for action in actions {
                text.at(16, &format!("- {action}"));
            }
        }
    }
    text.at(14, &format!("Resource: {resource}"));
}

fn held_to_keys(text: &mut Lines, partitions: &[Partition]) {
    text.at(14, "Condition:");
    text.at(16, "ForAllValues:StringLike:");
    let patterns = partitions.iter().map(|one| format!("'{}'", one.pattern()));
    let patterns: Vec<_> = patterns.collect();
    text.at(
        18,
        &format!("dynamodb:LeadingKeys: [{}]", patterns.join(", ")),
    );
}

/// A right to do this with items of these partitions.
fn on_items(text: &mut Lines, actions: &[Action], partitions: &[Partition], attributes: &[&str]) {
    let actions: Vec<_> = actions.iter().copied().map(dynamodb).collect();
    allow(text, &actions, "!GetAtt Table.Arn");
    held_to_keys(text, partitions);
    if !attributes.is_empty() {
        let names = attributes.join(", ");
        text.at(18, &format!("dynamodb:Attributes: [{names}]"));
    }
}

fn statement(text: &mut Lines, grant: &Grant) {
    match grant {
        Grant::Table {
            actions,
            partitions,
            attributes,
        } => on_items(text, actions, partitions, attributes),
        Grant::Index(partitions) => {
            let query = [dynamodb(Action::Query)];
            allow(text, &query, "!Sub ${Table.Arn}/index/gsi1");
            held_to_keys(text, partitions);
        }
        Grant::Seal(purposes) => {
            allow(text, &["kms:Encrypt".to_owned()], "!GetAtt SealingKey.Arn");
            let names: Vec<_> = purposes
                .iter()
                .map(|purpose| match purpose {
                    Purpose::User => "user",
                    Purpose::Team => "team",
                    Purpose::Organization => "organization",
                    Purpose::Mail => "mail",
                    Purpose::Hook => "hook",
                })
                .collect();
            text.at(14, "Condition:");
            text.at(16, "ForAnyValue:StringEquals:");
            text.at(
                18,
                &format!("kms:EncryptionContextKeys: [{}]", names.join(", ")),
            );
        }
        Grant::ReadCalendars => allow(
            text,
            &["lambda:InvokeFunction".to_owned()],
            "!GetAtt CalendarsRefreshFunction.Arn",
        ),
        Grant::AdminKeySecret => allow(
            text,
            &["GetSecretValue", "PutSecretValue"].map(|name| format!("secretsmanager:{name}")),
            "!GetAtt AdminKeySecret.Id",
        ),
    }
}

/// An action's name: that of the variant.
fn dynamodb(action: Action) -> String {
    format!("dynamodb:{action:?}")
}

fn events(text: &mut Lines, matches: &[(Method, &str)], access: Access) {
    text.at(6, "Events:");
    for (index, (method, path)) in matches.iter().enumerate() {
        // By another name than proxy, SAM would permit the call of another path.
        let name = match index {
            _ if path.ends_with('/') => "WithSlash".to_owned(),
            0 => "Api".to_owned(),
            _ => format!("Api{}", index + 1),
        };
        let path = gateway_path(path);
        text.at(8, &format!("{name}:"));
        text.at(10, "Type: HttpApi");
        text.at(10, "Properties:");
        text.at(12, "ApiId: !Ref HttpApi");
        text.at(12, &format!("Method: {method}"));
        text.at(12, &format!("Path: {path}"));
        if access == Access::Public {
            text.at(12, "Auth:");
            text.at(14, "Authorizer: NONE");
        }
    }
}

/// The role of CodeDeploy, as lines of the template. SAM's own would have neither
/// boundary nor path.
#[must_use]
pub fn deployment_role() -> &'static str {
    "  DeploymentRole:
    Type: AWS::IAM::Role
    Properties:
      Path: !Ref RolePath
      PermissionsBoundary: !If [HasPermissionsBoundary, !Ref PermissionsBoundary, !Ref AWS::NoValue]
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal:
              Service: codedeploy.amazonaws.com
      ManagedPolicyArns:
        - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda
"
}

/// The throttles of the routes that need no key, as lines of the template: each has its
/// own, so that nobody without a key can use up what the others have.
#[must_use]
pub fn throttles(packages: &[Package]) -> String {
    let mut text = Lines::default();
    let operations = packages.iter().flat_map(|package| package.operations);
    for operation in operations.filter(|one| one.route.access == Access::Public) {
        for (method, path) in operation.route.matches {
            text.at(8, &format!("{method} {}:", gateway_path(path)));
            text.at(10, "ThrottlingRateLimit: !Ref PublicThrottlingRate");
            text.at(10, "ThrottlingBurstLimit: !Ref PublicThrottlingBurst");
        }
    }
    text.0
}

/// A path as API Gateway has it. A route of an HTTP API cannot end with a slash: a
/// greedy one takes what is behind it too, which the function then answers with a 404.
fn gateway_path(path: &str) -> String {
    match path.strip_suffix('/') {
        Some(_) => format!("{path}{{proxy+}}"),
        None => path.to_owned(),
    }
}

/// A name as logical ids are written: `scheduling-list-users` is
/// `SchedulingListUsers`.
fn pascal(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    name.split('-').map(word).collect()
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    fn at(&mut self, indent: usize, line: &str) {
        self.0.extend(std::iter::repeat_n(' ', indent));
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn blank(&mut self) {
        self.0.push('\n');
    }
}
