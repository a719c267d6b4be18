//! What is checked in and generated is what the declarations of the operations make.

use std::{fs, path::Path};

use roster_generate::{
    COMMAND, Generated,
    count::{ALLOWED, resources},
    files,
    functions::{Gradual, Variant},
    surplus,
    template::template,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

#[test]
fn every_generated_file_is_what_the_declarations_make() {
    for Generated { path, text } in files(root()).unwrap() {
        let name = path.display();
        let checked_in = fs::read_to_string(root().join(&path));
        let checked_in = checked_in.unwrap_or_else(|error| panic!("{name}: {error}: {COMMAND}"));
        // Not assert_eq: it would print a thousand lines.
        assert!(
            checked_in == text,
            "{name} is not what the declarations make: {COMMAND}"
        );
    }
    assert_eq!(surplus(root()).unwrap(), [] as [&Path; 0], "{COMMAND}");
}

#[test]
fn a_stack_of_120_operations_stays_within_what_cloudformation_allows() {
    let gradual = Gradual {
        kind: "Canary10Percent10Minutes".to_owned(),
        release: "1".to_owned(),
    };
    for gradual in [None, Some(gradual)] {
        let is_gradual = gradual.is_some();
        let variant = Variant {
            gradual,
            ..Variant::default()
        };
        let count = resources(&template(root(), &variant).unwrap(), is_gradual);
        assert!(count.now > 150, "{count:?}");
        assert!(count.planned <= ALLOWED, "{count:?}");
    }
}
