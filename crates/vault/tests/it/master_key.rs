use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt as _, symlink},
};

use mainstay_vault::{MasterKey, SystemEntropy};
use tempfile::TempDir;

use crate::{entropy, master};

/// The bytes 0 to 31.
const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// 32 bytes whose text differs between the two alphabets.
const BASE64_STANDARD: &str = "++//++//++//++//++//++//++//++//++//++//++8=";
const BASE64_URL: &str = "--__--__--__--__--__--__--__--__--__--__--8=";

#[test]
fn a_created_file_is_private_and_reads_back_the_same_key() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("master.key");

    let created = MasterKey::create(&path, &SystemEntropy).unwrap();

    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
    assert_eq!(MasterKey::read(&path).unwrap().id(), created.id());
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no temporary file stays");
}

#[test]
fn creating_never_replaces_a_file() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("master.key");
    let first = MasterKey::create(&path, &SystemEntropy).unwrap();

    let error = MasterKey::create(&path, &SystemEntropy).unwrap_err();

    assert!(error.is_key_file() && !error.is_key_file_missing());
    assert_eq!(MasterKey::read(&path).unwrap().id(), first.id());
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no temporary file stays");
}

#[test]
fn a_missing_file_is_told_apart() {
    let folder = TempDir::new().unwrap();
    let error = MasterKey::read(&folder.path().join("master.key")).unwrap_err();
    assert!(error.is_key_file_missing() && error.is_key_file());
}

#[test]
fn a_file_that_others_can_use_is_refused_with_its_path_and_mode() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("master.key");
    MasterKey::create(&path, &entropy()).unwrap();
    let link = folder.path().join("link");
    symlink(&path, &link).unwrap();

    for mode in [0o640, 0o604, 0o620, 0o602, 0o610, 0o601] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        for path in [&path, &link] {
            let error = MasterKey::read(path).unwrap_err();
            assert!(error.is_key_file(), "{mode:o}");
            let message = error.to_string();
            assert!(message.contains(&format!("{mode:04o}")), "{message}");
            assert!(message.contains(&path.display().to_string()), "{message}");
        }
    }
    for mode in [0o600, 0o400] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        assert!(MasterKey::read(&link).is_ok(), "{mode:o}");
    }
}

#[test]
fn what_is_not_a_key_file_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("master.key");
    for content in ["", "secret", &HEX[1..], &HEX.repeat(2), &"0".repeat(100_000)] {
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        let error = MasterKey::read(&path).unwrap_err();
        assert!(error.is_key_file(), "{content:.100}: {error}");
    }
    assert!(MasterKey::read(folder.path()).unwrap_err().is_key_file(), "a folder");
    let nowhere = folder.path().join("missing/master.key");
    assert!(MasterKey::create(&nowhere, &entropy()).unwrap_err().is_key_file());
}

#[test]
fn text_may_be_hexadecimal_or_base64() {
    let id = MasterKey::from_text(HEX).unwrap().id();
    let upper = HEX.to_uppercase();
    let spaced = format!(" {HEX}\n");
    for text in [&*upper, &*spaced, BASE64, BASE64.trim_end_matches('=')] {
        assert_eq!(MasterKey::from_text(text).unwrap().id(), id, "{text}");
    }

    let [standard, url] =
        [BASE64_STANDARD, BASE64_URL].map(|text| MasterKey::from_text(text).unwrap().id());
    assert_eq!(standard, url);
}

#[test]
fn other_text_is_refused() {
    let not_hex = HEX.replace('f', "g");
    let too_long = format!("{HEX}00");
    for text in ["", "password", &HEX[2..], &not_hex, &too_long, &BASE64[4..], "+-=="] {
        let error = MasterKey::from_text(text).unwrap_err();
        assert!(error.is_key_text() && !error.is_key_file(), "{text}");
    }
    assert!(MasterKey::from_text(&"é".repeat(32)).is_err(), "64 bytes that are not digits");
}

#[test]
fn a_tag_is_that_of_its_message_purpose_and_master_key() {
    let key = master(1).mac_key("one");
    let tag = key.tag(b"message");
    assert!(key.verify(b"message", &tag));
    assert!(master(1).mac_key("one").verify(b"message", &tag));
    assert!(!key.verify(b"other message", &tag));
    assert!(!key.verify(b"message", &tag[..16]));
    assert!(!master(1).mac_key("two").verify(b"message", &tag));
    assert!(!master(2).mac_key("one").verify(b"message", &tag));
}
