use super::*;

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .chars()
        .filter(char::is_ascii_hexdigit)
        .map(|digit| u8::try_from(digit.to_digit(16).expect("hex")).expect("a digit"))
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] * 16 + pair[1])
        .collect()
}

/// What a server says of itself in MS-NLMP 4.2.4: its domain and its name.
const PAIRS: &str = "0200 0c00 44006f006d00610069006e00 0100 0c00 530065007200760065007200";

/// A server's challenge with such pairs, and no name.
fn challenge(pairs: &str) -> Vec<u8> {
    let mut info = bytes(pairs);
    info.extend([0; 4]);
    let mut message = SIGNATURE.to_vec();
    message.extend(2_u32.to_le_bytes());
    message.extend([0; 8]);
    message.extend(FLAGS.to_le_bytes());
    message.extend(bytes("0123456789abcdef"));
    message.extend([0; 8]);
    let length = u16::try_from(info.len()).expect("short").to_le_bytes();
    message.extend(length);
    message.extend(length);
    message.extend(56_u32.to_le_bytes());
    message.extend(VERSION);
    message.extend(info);
    message
}

fn situation() -> Situation<'static> {
    Situation {
        host: "mail.example.com",
        certificate: None,
        now: Timestamp::UNIX_EPOCH,
        nonce: [0xaa; 8],
    }
}

const LOGIN: Login<'_> = Login {
    username: "Domain\\User",
    password: "Password",
};

#[test]
fn the_key_and_the_proof_are_those_of_ms_nlmp_4_2_4() {
    let key = response_key("Domain", "User", "Password").expect("a key");
    assert_eq!(key.to_vec(), bytes("0c868a403bfd7a93a3001ef22ef02e3f"));
    let mut temp = bytes("0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000");
    temp.extend(bytes(PAIRS));
    temp.extend([0; 8]);
    let proof = keyed(&key, &[&bytes("0123456789abcdef"), &temp]).expect("a proof");
    assert_eq!(proof.to_vec(), bytes("68cd0ab851e51c96aabc927bebef6a1c"));
    // LMv2, where the server does not know the time.
    let older = keyed(&key, &[&bytes("0123456789abcdef"), &[0xaa; 8]]).expect("a proof");
    assert_eq!(older.to_vec(), bytes("86c35097ac9cec102554764a57cccc19"));
}

#[test]
fn a_server_that_knows_the_time_gets_a_code_and_one_that_does_not_gets_none() {
    let answer = |pairs: &str| authenticate(&challenge(pairs), &LOGIN, &situation());
    let code = |message: &[u8]| message[72..HEADER].to_vec();
    let without = answer(PAIRS).expect("an answer");
    assert_eq!(code(&without), [0; 16]);
    let with = answer(&format!("{PAIRS} 0700 0800 0102030405060708")).expect("an answer");
    assert_ne!(code(&with), [0; 16]);
    // The time is the server's, and what is older is not told.
    let response = usize::try_from(u32_at(&with, 24).expect("an offset")).expect("small");
    assert_eq!(with[response + 24..response + 32], [1, 2, 3, 4, 5, 6, 7, 8]);
    let older = usize::try_from(u32_at(&with, 16).expect("an offset")).expect("small");
    assert_eq!(with[older..older + 24], [0; 24]);
}

#[test]
fn what_is_no_challenge_is_not_answered() {
    let whole = challenge(PAIRS);
    for end in 0..whole.len() {
        // Broken off anywhere: no panic, and nothing is said but to what is whole.
        let _ = authenticate(&whole[..end], &LOGIN, &situation());
    }
    assert!(authenticate(&whole[..55], &LOGIN, &situation()).is_none());
    assert!(authenticate(&negotiate(), &LOGIN, &situation()).is_none());
    // Lengths and offsets that lead out of the message.
    for at in [40, 44, 46] {
        let mut wrong = whole.clone();
        wrong[at] = 0xff;
        wrong[at + 1] = 0xff;
        let _ = authenticate(&wrong, &LOGIN, &situation());
    }
}

#[test]
fn the_hash_of_a_binding_is_that_of_the_certificates_signature() {
    let certificate = |name: &str| {
        let name = bytes(name);
        let length = |inner: &[u8]| u8::try_from(inner.len()).expect("short");
        let algorithm = [&[0x06, length(&name)], &name[..]].concat();
        let algorithm = [&[0x30, length(&algorithm)], &algorithm[..]].concat();
        let parts = [&[0x30, 0x81, 0x00], &algorithm[..], &[0x03, 0x01, 0x00]].concat();
        [&[0x30, length(&parts)], &parts[..]].concat()
    };
    for (name, expected) in [
        ("2a864886f70d01010b", Hash::Other),
        ("2a864886f70d010105", Hash::Other),
        ("2a864886f70d01010c", Hash::Sha384),
        ("2a864886f70d01010d", Hash::Sha512),
        ("2a8648ce3d040303", Hash::Sha384),
        ("2a8648ce3d040304", Hash::Sha512),
        ("2a8648ce3d040302", Hash::Other),
    ] {
        assert_eq!(signed_with(&certificate(name)), Some(expected), "{name}");
    }
    assert_eq!(signed_with(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), None);
}

#[test]
fn an_instant_is_counted_from_1601() {
    assert_eq!(
        file_time(Timestamp::UNIX_EPOCH),
        116_444_736_000_000_000_u64.to_le_bytes()
    );
}
