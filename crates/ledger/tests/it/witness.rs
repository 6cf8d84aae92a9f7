use mainstay_ledger::{
    AddCheckpoint, Checkpoint, CosignerKey, Hash, LogVerifier, SignedNote, prove_consistency,
};

use crate::naive::{self, ORIGIN, key, leaves, tiles};

/// A log in production, as a witness met it: three requests from the tests of litewitness.
#[test]
fn requests_of_a_real_log_are_accepted() {
    const LOG: &str =
        "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562";
    let key = format!("{LOG}+5202289b+Af/cLU2Y5BJNP+r3iMDC+av9eWCD0fBJVDfzAux5zxAP");
    let log = LogVerifier::new(LOG, [key.parse().unwrap()]);
    let first: AddCheckpoint = format!(
        "old 0\n\n{LOG}\n1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— {LOG} \
         UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=\n"
    )
    .parse()
    .unwrap();
    assert_eq!(first.origin().unwrap(), LOG);
    let seen = first.check(&log, None).unwrap();
    let second: AddCheckpoint = format!(
        "old 1\nKgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\
         +fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=\n\
         KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\
         {LOG}\n5\nQrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=\n\n— {LOG} \
         UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=\n"
    )
    .parse()
    .unwrap();
    let seen = Some((seen.size, seen.root));
    assert_eq!(second.check(&log, seen).unwrap().size, 5);
    assert_eq!(second.check(&log, None).unwrap_err().status(), 409);
    assert_eq!(first.check(&log, seen).unwrap_err().status(), 409);
}

fn signed(size: usize) -> SignedNote {
    let root = naive::root(&leaves(size));
    Checkpoint::new(ORIGIN, size as u64, root).unwrap().sign(&key()).unwrap()
}

fn request(old: usize, new: usize) -> AddCheckpoint {
    let proof = prove_consistency(&tiles(&leaves(new)), old as u64, new as u64).unwrap();
    AddCheckpoint { old_size: old as u64, proof, checkpoint: signed(new) }
}

#[test]
fn a_witness_signs_only_what_continues_what_it_saw() {
    let log = LogVerifier::new(ORIGIN, [key().verifier().clone()]);
    let seen = |size: usize| Some((size as u64, naive::root(&leaves(size))));
    let honest = request(7, 20);
    assert_eq!(honest.to_string().parse::<AddCheckpoint>().unwrap(), honest);
    assert_eq!(honest.check(&log, seen(7)).unwrap().size, 20);
    assert_eq!(request(0, 0).check(&log, None).unwrap().size, 0);
    assert_eq!(request(7, 7).check(&log, seen(7)).unwrap().size, 7);

    let status = |request: &AddCheckpoint, seen| request.check(&log, seen).unwrap_err().status();
    assert_eq!(status(&honest, seen(8)), 409);
    assert_eq!(status(&honest, Some((7, Hash::leaf(b"fork")))), 422);
    assert_eq!(status(&AddCheckpoint { proof: vec![], ..honest.clone() }, seen(7)), 422);
    assert_eq!(status(&AddCheckpoint { old_size: 21, ..honest.clone() }, seen(21)), 400);
    let unneeded = AddCheckpoint { proof: vec![Hash::empty_root()], ..request(0, 3) };
    assert_eq!(status(&unneeded, None), 422);
    assert_eq!(status(&request(7, 7), Some((7, Hash::leaf(b"fork")))), 409);
    let wrong = Checkpoint::new(ORIGIN, 0, Hash::leaf(b"x")).unwrap().sign(&key()).unwrap();
    assert_eq!(status(&AddCheckpoint { checkpoint: wrong, ..request(0, 0) }, None), 422);

    let stranger = LogVerifier::new(ORIGIN, []);
    assert_eq!(honest.check(&stranger, seen(7)).unwrap_err().status(), 403);
    let other = LogVerifier::new("example.com/other", [key().verifier().clone()]);
    assert_eq!(honest.check(&other, seen(7)).unwrap_err().status(), 403);
}

#[test]
fn the_cosignature_is_of_the_checkpoint() {
    let witness = CosignerKey::from_seed("witness.example", &[3; 32]).unwrap();
    let request = request(7, 20);
    let line = request.cosign(&witness, 1_763_724_937);
    let mut checkpoint = signed(20);
    let keys = [witness.verifier().clone()];
    assert_eq!(checkpoint.add_signatures(&format!("{line}\n"), &keys).unwrap(), 1);
    assert!(signed(21).add_signatures(&format!("{line}\n"), &keys).unwrap_err().is_untrusted());
}

#[test]
fn malformed_requests_are_refused() {
    let text = request(7, 20).to_string();
    let hash = Hash::empty_root();
    for malformed in [
        String::new(),
        text.replacen("old 7", "old 07", 1),
        text.replacen("old 7", "old -7", 1),
        text.replacen("old 7\n", "", 1),
        text.replacen("\n\n", "\n", 1),
        text.replacen("old 7\n", &format!("old 7\n{}", format!("{hash}\n").repeat(64)), 1),
        text.replacen("old 7\n", "old 7\nAAAA\n", 1),
    ] {
        assert!(malformed.parse::<AddCheckpoint>().unwrap_err().is_malformed(), "{malformed}");
    }
}
