//! Sealing keys, as the command line names them.

use std::path::Path;

use aws_sdk_kms::config::Region;
use roster_local::setup;
use roster_runtime::function::aws;
use roster_store::mail::seal::Sealer;

use crate::table_target::{TargetError, needs_aws};

/// The sealer with a KMS key (ARN, id or `alias/…`) or a local key (the file
/// `sealing.key` of a data folder).
///
/// # Errors
/// Where the file is no key, or nobody says who asks KMS.
pub(crate) fn sealer(key: &str) -> Result<Sealer, TargetError> {
    if !is_of_kms(key) {
        let key = setup::read_sealing_key(Path::new(key));
        return key
            .map(Sealer::Local)
            .map_err(|cause| TargetError::SealingKey(cause.to_string()));
    }
    // arn:aws:kms:<region>:<account>:key/<id>
    let region = key
        .strip_prefix("arn:")
        .and_then(|arn| arn.split(':').nth(2));
    needs_aws(region)?;
    let mut aws = aws::config(aws::https_client()).into_builder();
    if let Some(region) = region {
        aws.set_region(Region::new(region.to_owned()));
    }
    Ok(Sealer::Kms {
        client: aws_sdk_kms::Client::new(&aws.build()),
        key_id: key.to_owned(),
    })
}

fn is_of_kms(key: &str) -> bool {
    let is_id = key.len() == 36 && !Path::new(key).exists();
    key.starts_with("arn:") || key.starts_with("alias/") || key.starts_with("mrk-") || is_id
}
