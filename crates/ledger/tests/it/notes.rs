use mainstay_ledger::{
    Checkpoint, CosignerKey, Hash, LogVerifier, MAX_SIGNATURES, SignedNote, SignerKey, VerifierKey,
};

use crate::naive::{ORIGIN, key};

fn vkey(text: &str) -> VerifierKey {
    text.parse().unwrap()
}

/// The key and note of Go's `note` package documentation.
#[test]
fn notes_of_go_verify_and_are_made_alike() {
    let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    let public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let text = "If you think cryptography is the answer to your problem,\n\
                then you don't know what your problem is.\n";
    let note = format!(
        "{text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg\
         KvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    );
    let key = SignerKey::from_text(secret).unwrap();
    assert_eq!(*key.to_text(), secret);
    assert_eq!(key.verifier().to_string(), public);
    assert_eq!(SignedNote::sign(text.to_owned(), &key).unwrap().to_string(), note);
    let note = SignedNote::parse(&note).unwrap();
    assert_eq!(note.text(), text);
    assert_eq!(note.verify([&vkey(public)]).unwrap().len(), 1);
}

/// The example of the signed-note specification.
#[test]
fn the_note_of_the_specification_verifies() {
    let key = vkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
    let note = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6T\
                fXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    let note = SignedNote::parse(note).unwrap();
    assert_eq!(note.verify([&key]).unwrap()[0].time, None);
}

/// A checkpoint of a log in production, and the key of a witness in production.
#[test]
fn checkpoints_of_the_go_checksum_database_verify() {
    let key = vkey("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
    let note = "go.sum database tree\n6476701\nmb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n\n\
                — sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRY\
                fvimWEPWL+o3GeoWwOoAw=\n";
    let log = LogVerifier::new("go.sum database tree", [key]);
    let verified = log.checkpoint(&SignedNote::parse(note).unwrap()).unwrap();
    assert_eq!(verified.checkpoint.size, 6_476_701);
    assert!(
        vkey("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2").is_cosigner()
    );
}

#[test]
fn a_note_is_believed_only_under_a_trusted_signature() {
    let note = SignedNote::sign("text\n".to_owned(), &key()).unwrap();
    let stranger = SignerKey::from_seed(ORIGIN, &[8; 32]).unwrap();
    let namesake = SignerKey::from_seed("example.com/other", &[7; 32]).unwrap();
    assert!(note.verify([key().verifier()]).is_ok());
    assert!(note.verify([stranger.verifier()]).unwrap_err().is_untrusted());
    assert!(note.verify([namesake.verifier()]).unwrap_err().is_untrusted());
    assert!(note.verify([]).unwrap_err().is_untrusted());

    // An unknown signature does no harm, a wrong one of a known key spoils the note.
    let mut both = note.clone();
    both.add_signature(&stranger);
    assert!(both.verify([key().verifier()]).is_ok());
    let forged = both.to_string().replace("text\n", "tixt\n");
    let forged = SignedNote::parse(&forged).unwrap();
    assert!(forged.verify([key().verifier(), stranger.verifier()]).unwrap_err().is_untrusted());

    // Signing again replaces.
    both.add_signature(&stranger);
    assert_eq!(both.signatures().len(), 2);
}

#[test]
fn malformed_notes_are_refused() {
    let note = SignedNote::sign("text\n".to_owned(), &key()).unwrap().to_string();
    let line = note.lines().last().unwrap();
    let (text, signature) = note.split_once("\n\n").unwrap();
    for malformed in [
        String::new(),
        "\n".to_owned(),
        "\n\n".to_owned(),
        text.to_owned(),
        format!("{text}\n{signature}"),
        format!("{text}\n\n"),
        format!("{text}\n\n{line}"),
        format!("{text}\r\n\n{signature}"),
        format!("te\0xt\n\n{signature}"),
        format!("{text}\n\n{}", signature.replace('—', "-")),
        format!("{text}\n\n{}", signature.replace("— ", "—")),
        format!("{text}\n\n{}", signature.replace(ORIGIN, "")),
        format!("{text}\n\n{}", signature.replace(ORIGIN, "a+b")),
        format!("{text}\n\n{}", signature.replace('=', "")),
        format!("{text}\n\n— name AAAA\n"),
        format!("{text}\n\n— name AAAAAA==\n"),
        format!("{text}\n\n{signature} \n"),
        format!("{text}\n\n{}", signature.repeat(MAX_SIGNATURES + 1)),
        format!("{}\n\n{signature}", "x".repeat(1_000_000)),
    ] {
        assert!(SignedNote::parse(&malformed).unwrap_err().is_malformed(), "{malformed:.200}");
    }
    let accepted = format!("{text}\n\n{}", signature.repeat(MAX_SIGNATURES));
    assert!(SignedNote::parse(&accepted).is_ok());
    for text in ["", "no newline", "control\x07\n"] {
        assert!(SignedNote::sign(text.to_owned(), &key()).unwrap_err().is_malformed());
    }
}

#[test]
fn a_text_may_hold_empty_lines() {
    let text = "one\n\n— not a signature\n\ntwo\n";
    let note = SignedNote::sign(text.to_owned(), &key()).unwrap();
    let read = SignedNote::parse(&note.to_string()).unwrap();
    assert_eq!((read.text(), &read), (text, &note));
}

#[test]
fn malformed_keys_are_refused_without_being_shown() {
    let public = key().verifier().to_string();
    let secret = key().to_text();
    let material = secret.rsplit('+').next().unwrap().to_owned();
    for text in [
        String::new(),
        public.replace('+', "-"),
        public.replacen("example", "exbmple", 1),
        public.to_uppercase(),
        public[..public.len() - 4].to_owned(),
        format!("{public}AAAA"),
        public.replacen("+A", "+B", 1),
        "name+00000000+AAAA".to_owned(),
    ] {
        assert!(text.parse::<VerifierKey>().unwrap_err().is_malformed(), "{text}");
    }
    for text in [
        public,
        secret.replace("PRIVATE", "PUBLIC"),
        secret.replacen("example", "exbmple", 1),
        secret[..secret.len() - 4].to_owned(),
    ] {
        let error = SignerKey::from_text(&text).unwrap_err();
        assert!(error.is_malformed() && !format!("{error}{error:?}").contains(&material));
    }
    assert!(CosignerKey::from_text(&secret).unwrap_err().is_malformed());
    assert!(!format!("{:?}", key()).contains(&material));
    for name in ["", "a b", "a+b", "a\nb", "a\u{2003}b"] {
        assert!(SignerKey::from_seed(name, &[1; 32]).unwrap_err().is_malformed(), "{name:?}");
    }
}

#[test]
fn checkpoints_read_back_and_malformed_ones_are_refused() {
    let root = Hash::leaf(b"x");
    let checkpoint = Checkpoint::new(ORIGIN, 1, root).unwrap();
    let text = checkpoint.to_string();
    assert_eq!(text, format!("{ORIGIN}\n1\n{root}\n"));
    assert_eq!(Checkpoint::from_text(&text).unwrap(), checkpoint);
    let extended = Checkpoint::from_text(&format!("{text}extension\n")).unwrap();
    assert_eq!(extended.extensions, ["extension"]);
    for malformed in [
        String::new(),
        format!("{ORIGIN}\n1\n{root}"),
        format!("{ORIGIN}\n1\n"),
        format!("\n1\n{root}\n"),
        format!("{ORIGIN}\n01\n{root}\n"),
        format!("{ORIGIN}\n+1\n{root}\n"),
        format!("{ORIGIN}\n-1\n{root}\n"),
        format!("{ORIGIN}\n\n{root}\n"),
        format!("{ORIGIN}\n9223372036854775808\n{root}\n"),
        format!("{ORIGIN}\n1\n{root}=\n"),
        format!("{ORIGIN}\n1\nAAAA\n"),
        format!("{text}\n"),
        format!("{text}\nextension\n"),
    ] {
        assert!(Checkpoint::from_text(&malformed).unwrap_err().is_malformed(), "{malformed:?}");
    }
    assert!(Checkpoint::new("two words", 1, root).is_err());
    assert!(Checkpoint::new(ORIGIN, 1 << 63, root).is_err());
}

#[test]
fn a_checkpoint_belongs_to_one_log() {
    let root = Hash::empty_root();
    let signed = Checkpoint::new(ORIGIN, 0, root).unwrap().sign(&key()).unwrap();
    let log = LogVerifier::new(ORIGIN, [key().verifier().clone()]);
    assert!(log.checkpoint(&signed).is_ok());
    let other = LogVerifier::new("example.com/other", [key().verifier().clone()]);
    let error = other.checkpoint(&signed).unwrap_err();
    assert!(error.is_untrusted() && error.to_string().contains("example.com/other"), "{error}");
    // A log doesn't sign for another.
    let foreign = Checkpoint::new("example.com/other", 0, root).unwrap();
    assert!(foreign.sign(&key()).unwrap_err().is_untrusted());
    // What is signed but no checkpoint.
    let note = SignedNote::sign(format!("{ORIGIN}\nnot a size\n"), &key()).unwrap();
    assert!(log.checkpoint(&note).unwrap_err().is_malformed());
}

#[test]
fn witnesses_count_once_each_and_only_for_what_they_signed() {
    let checkpoint = Checkpoint::new(ORIGIN, 0, Hash::empty_root()).unwrap();
    let mut note = checkpoint.sign(&key()).unwrap();
    let witness = |number: u8| {
        CosignerKey::from_seed(&format!("witness.example/{number}"), &[number; 32]).unwrap()
    };
    let (one, two) = (witness(1), witness(2));
    let keys = [one.verifier().clone(), two.verifier().clone()];
    let log = LogVerifier::new(ORIGIN, [key().verifier().clone()]);
    let strict = log.clone().with_witnesses(keys.clone(), 2);
    assert!(strict.checkpoint(&note).unwrap_err().is_untrusted());

    note.cosign(&one, 1_763_724_937);
    note.cosign(&one, 1_763_724_938);
    assert!(strict.checkpoint(&note).unwrap_err().is_untrusted());
    // The answer of the second comes as a line.
    let line = checkpoint.sign(&key()).unwrap().cosign(&two, 1_763_724_939);
    assert_eq!(note.add_signatures(&format!("{line}\n"), &keys).unwrap(), 1);
    let verified = strict.checkpoint(&SignedNote::parse(&note.to_string()).unwrap()).unwrap();
    let seen: Vec<_> =
        verified.witnesses.iter().map(|(name, time)| (name.as_str(), *time)).collect();
    assert_eq!(seen, [("witness.example/1", 1_763_724_938), ("witness.example/2", 1_763_724_939)]);

    // A stranger's line is not taken, a wrong one is an error; neither is a log's key a witness.
    let stranger = checkpoint.sign(&key()).unwrap().cosign(&witness(3), 1);
    assert_eq!(note.add_signatures(&format!("{stranger}\n"), &keys).unwrap(), 0);
    let other = Checkpoint::new(ORIGIN, 1, Hash::empty_root()).unwrap();
    let wrong = other.sign(&key()).unwrap().cosign(&one, 1_763_724_938);
    assert!(note.add_signatures(&format!("{wrong}\n"), &keys).unwrap_err().is_untrusted());
    assert!(note.add_signatures("gibberish\n", &keys).unwrap_err().is_malformed());
    let fooled = log.with_witnesses([key().verifier().clone()], 1);
    assert!(fooled.checkpoint(&note).unwrap_err().is_untrusted());
    let as_log = LogVerifier::new(ORIGIN, keys);
    assert!(as_log.checkpoint(&note).unwrap_err().is_untrusted());
}

/// What a cosignature signs begins with its time, so that it can't be dated anew.
#[test]
fn the_time_of_a_cosignature_is_signed() {
    let witness = CosignerKey::from_seed("witness.example", &[1; 32]).unwrap();
    assert_eq!(*CosignerKey::from_text(&witness.to_text()).unwrap().to_text(), *witness.to_text());
    let checkpoint = Checkpoint::new(ORIGIN, 0, Hash::empty_root()).unwrap();
    let mut note = checkpoint.sign(&key()).unwrap();
    note.cosign(&witness, 5);
    let signed = note.signatures().last().unwrap().bytes().to_vec();
    assert_eq!((signed.len(), &signed[..8]), (72, &5_u64.to_be_bytes()[..]));
    assert_eq!(note.verify([witness.verifier()]).unwrap()[0].time, Some(5));
    // Ed25519 signs the same for the same secret, so a plain signature of the message is equal.
    let message = format!("cosignature/v1\ntime 5\n{checkpoint}");
    let plain = SignerKey::from_seed("witness.example", &[1; 32]).unwrap();
    let plain = SignedNote::sign(message, &plain).unwrap();
    assert_eq!(plain.signatures()[0].bytes(), &signed[8..]);
}
