use super::*;
use roster_pages::{
    accept_language::LANGUAGES,
    check::{self, between},
};

const PROBLEMS: [Problem; 8] = [
    Problem::FirstNameMissing,
    Problem::FirstNameInvalid,
    Problem::LastNameMissing,
    Problem::LastNameInvalid,
    Problem::PasswordLength,
    Problem::PasswordInvalid,
    Problem::PasswordsDiffer,
    Problem::LoginNameTaken,
];

fn example(language: Language, problems: &[Problem]) -> String {
    form(&Form {
        language,
        organization: "Example",
        login_name: "jean.dupont",
        first_name: "Jean",
        last_name: "Dupont",
        problems,
    })
}

fn pages(language: Language) -> [String; 3] {
    [
        example(language, &[]),
        example(language, &PROBLEMS),
        finished(language, "Example", "jean.dupont"),
    ]
}

/// The tag of an input.
fn tag(page: &str, field: Field) -> String {
    let start = format!("<input id=\"{}\"", field.name());
    between(page, &start, ">").concat()
}

#[test]
fn every_page_keeps_to_what_all_pages_do() {
    for language in LANGUAGES {
        for page in pages(language) {
            check::page(&page, language);
        }
    }
}

#[test]
fn what_people_entered_is_escaped() {
    let hostile = "<script>alert('1')</script>\"><b>&amp;";
    let problems = [Problem::LastNameInvalid];
    let page = form(&Form {
        language: Language::Fr,
        organization: hostile,
        login_name: hostile,
        first_name: hostile,
        last_name: hostile,
        problems: &problems,
    });
    for page in [page, finished(Language::Fr, hostile, hostile)] {
        assert!(!page.contains("<script"), "{page}");
        assert!(!page.contains("<b>"), "{page}");
        assert!(
            page.contains("&#60;script&#62;alert(&#39;1&#39;)"),
            "{page}"
        );
        assert!(page.contains("&#34;&#62;&#60;b&#62;&#38;amp;"), "{page}");
    }
}

#[test]
fn the_form_keeps_names_and_has_no_place_for_a_password() {
    let page = example(Language::En, &[Problem::PasswordsDiffer]);
    for (field, value) in [
        (Field::LoginName, "jean.dupont"),
        (Field::FirstName, "Jean"),
        (Field::LastName, "Dupont"),
    ] {
        let value = format!(" value=\"{value}\"");
        assert!(tag(&page, field).contains(&value), "{page}");
    }
    for field in [Field::Password, Field::PasswordConfirmation] {
        let tag = tag(&page, field);
        assert!(tag.contains("type=\"password\""), "{tag}");
        assert!(!tag.contains("value="), "{tag}");
    }
}

#[test]
fn the_form_sends_what_a_field_is_named_and_not_the_login_name() {
    let page = example(Language::En, &[]);
    for field in [
        Field::FirstName,
        Field::LastName,
        Field::Password,
        Field::PasswordConfirmation,
    ] {
        let name = format!(" name=\"{}\"", field.name());
        assert!(tag(&page, field).contains(&name), "{page}");
        assert!(tag(&page, field).contains(" required "), "{page}");
    }
    let login_name = tag(&page, Field::LoginName);
    assert!(login_name.contains(" readonly "), "{login_name}");
    assert!(!login_name.contains(" name="), "{login_name}");
    // To the URL that it came from, whatever that is.
    assert!(page.contains("<form method=\"post\">"), "{page}");
}

#[test]
fn a_problem_is_in_the_summary_and_at_its_field() {
    for language in LANGUAGES {
        for problem in PROBLEMS {
            let page = example(language, &[problem]);
            let name = problem.field().name();
            let message = problem.message(language);
            let link = format!("<a href=\"#{name}\">{message}</a>");
            assert!(page.contains(&link), "{page}");
            let start = format!("id=\"{name}-problem\">");
            let own = between(&page, &start, "</div>");
            assert!(own[0].contains(message), "{page}");
            let tag = tag(&page, problem.field());
            assert!(tag.contains(" aria-invalid=\"true\""), "{tag}");
            assert!(tag.contains(&format!("{name}-problem\"")), "{tag}");
            assert_eq!(page.matches("aria-invalid=").count(), 1, "{page}");
            assert_eq!(page.matches("role=\"alert\"").count(), 1, "{page}");
        }
        let page = example(language, &[]);
        for wrong in ["role=\"alert\"", "aria-invalid=", "autofocus"] {
            assert!(!page.contains(wrong), "{page}");
        }
    }
}

#[test]
fn problems_come_in_the_order_of_the_fields_and_each_once() {
    let page = example(
        Language::En,
        &[
            Problem::PasswordsDiffer,
            Problem::PasswordLength,
            Problem::FirstNameMissing,
            Problem::PasswordLength,
        ],
    );
    assert_eq!(
        between(&page, "href=\"#", "\""),
        ["first_name", "password", "password_confirmation"]
    );
}

#[test]
fn the_finished_page_shows_the_name_to_log_in_with() {
    for language in LANGUAGES {
        let page = finished(language, "Example", "jean.dupont");
        assert!(page.contains("<bdi>jean.dupont</bdi>"), "{page}");
        assert!(page.contains("<bdi>Example</bdi>"), "{page}");
    }
}
