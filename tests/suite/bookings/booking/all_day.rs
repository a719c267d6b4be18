//! All-day dates: whole days of the zone that they are read in.

use serde_json::json;

use super::{booking, events_of, first_date};
use crate::harness::{Answer, Api, Client};

async fn book(client: &Client<'_>, path: &str, dates: (&str, &str)) -> Answer {
    let mut body = booking(&[dates]);
    body["dates"][0]["all_day"] = json!(true);
    client.post(path, &body).await
}

/// The events of a team of one member in Paris.
async fn paris(client: &Client<'_>, number: usize) -> String {
    let email = format!("m{number}@example.com");
    let user = json!({ "email": email, "timezone": "Europe/Paris" });
    events_of(client, &number.to_string(), vec![user]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_all_day_date_from_midnight_to_a_later_midnight_ends_before_it() {
    let api = Api::start().await;
    let client = api.organization();
    for (number, dates) in [
        ("2027-03-01", "2027-03-01"),
        ("2027-03-01T00:00:00", "2027-03-02T00:00:00"),
        ("2027-03-01T00:00:00", "2027-03-01T24:00:00"),
        ("2027-03-01", "2027-03-02T00:00:00"),
        ("2027-03-01T00:00:00+01:00", "2027-03-02T00:00:00+01:00"),
        // The member's midnights.
        ("2027-02-28T23:00:00Z", "2027-03-01T23:00:00Z"),
        ("2027-02-28T23:00:00.000Z", "2027-03-01T22:59:59.999Z"),
        // Days of UTC and of New York.
        ("2027-03-01T00:00:00Z", "2027-03-02T00:00:00Z"),
        ("2027-03-01T00:00:00Z", "2027-03-01T23:59:59Z"),
        ("2027-03-01T00:00:00-05:00", "2027-03-02T00:00:00-05:00"),
        // The same midnight twice.
        ("2027-03-01T00:00:00", "2027-03-01T00:00:00"),
    ]
    .into_iter()
    .enumerate()
    {
        let path = paris(&client, number).await;
        let answer = book(&client, &path, dates).await;
        let day = ("2027-02-28T23:00:00.000Z", "2027-03-01T23:00:00.000Z");
        assert_eq!(
            first_date(&answer),
            (day.0.to_owned(), day.1.to_owned()),
            "{dates:?}"
        );
        // The next day is free.
        let next = book(&client, &path, ("2027-03-02", "2027-03-02")).await;
        assert_eq!(next.status, 201, "{dates:?}: {}", next.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_alone_is_the_last_day_of_an_all_day_date() {
    let api = Api::start().await;
    let client = api.organization();
    for (number, dates) in [
        ("2027-03-01", "2027-03-02"),
        ("2027-03-01T00:00", "2027-03-02"),
        ("2027-03-01", "2027-03-02T09:00"),
        ("2027-03-01", "2027-03-03T00:00"),
    ]
    .into_iter()
    .enumerate()
    {
        let path = paris(&client, number).await;
        let answer = book(&client, &path, dates).await;
        assert_eq!(
            first_date(&answer).1,
            "2027-03-02T23:00:00.000Z",
            "{dates:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_one_days_are_not_more_than_31() {
    let api = Api::start().await;
    let client = api.organization();
    // The clocks go back on the last of them.
    for (number, dates) in [
        ("2027-10-01", "2027-10-31"),
        ("2027-10-01T00:00", "2027-11-01T00:00"),
    ]
    .into_iter()
    .enumerate()
    {
        let path = paris(&client, number).await;
        let answer = book(&client, &path, dates).await;
        assert_eq!(
            first_date(&answer).1,
            "2027-10-31T23:00:00.000Z",
            "{dates:?}"
        );
        let timed = [("2028-10-01T00:00", "2028-11-01T00:00")];
        let timed = client.post(&path, &booking(&timed)).await;
        assert_eq!(first_date(&timed).1, "2028-10-31T23:00:00.000Z");
    }
    let path = paris(&client, 2).await;
    let refused = book(&client, &path, ("2027-10-01", "2027-11-01")).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("it lasts 32"), "{}", refused.text);
    for dates in [
        ("2027-10-01T00:00", "2027-11-01T00:01"),
        ("2027-07-01T00:00Z", "2027-08-01T00:01Z"),
    ] {
        let refused = client.post(&path, &booking(&[dates])).await;
        assert_eq!(refused.status, 422, "{dates:?}: {}", refused.text);
        assert!(
            refused.text.contains("at most 31 days after date"),
            "{}",
            refused.text
        );
    }
}
