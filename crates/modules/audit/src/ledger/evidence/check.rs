//! The steps of a verification.

use super::report::{EvidenceError, EvidenceReport, Expired};
use super::{Evidence, EvidenceLeaf};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use mainstay_entity::json;
use mainstay_ledger::{
    CompactRange, Field, Hash, Leaf, LeafKind, LogVerifier, RangeFile, Reanchor, SignedNote,
    Tombstone, Value,
};
use uuid::Uuid;

/// What is asked, and of which log.
pub(super) struct Check<'a> {
    log: &'a LogVerifier,
    question: Vec<(Question<'a>, &'a str)>,
}

/// A field, and the place in it if it is a document.
struct Question<'a> {
    field: Field,
    path: Vec<json::Step<'a>>,
}

/// What leaves show on the way.
#[derive(Default)]
struct Found {
    events: u64,
    matches: Vec<u64>,
    removed: Vec<(u64, Hash)>,
    recorded: Option<(i64, i64)>,
}

impl<'a> Check<'a> {
    pub(super) fn new(
        log: &'a LogVerifier,
        question: &'a [(String, String)],
    ) -> Result<Self, EvidenceError> {
        let question = question.iter().map(|(name, value)| {
            let mut names = name.split('.');
            let field = names.next().and_then(Field::from_name);
            let field = field.ok_or_else(|| EvidenceError::Question(name.clone()))?;
            let path = names.map(|name| json::Step::Key(name.into())).collect();
            Ok((Question { field, path }, value.as_str()))
        });
        Ok(Self { log, question: question.collect::<Result<_, EvidenceError>>()? })
    }

    pub(super) fn run(&self, evidence: Evidence) -> Result<EvidenceReport, EvidenceError> {
        let proof: RangeFile = evidence.proof.parse()?;
        let range = proof.proof.begin()..proof.proof.end();
        if evidence.range != [range.start, range.end]
            || evidence.leaves.len() as u64 != range.end - range.start
        {
            let why = "its leaves are not those of its proof".to_owned();
            return Err(EvidenceError::Malformed(why));
        }
        let mut leaves = CompactRange::starting_at(range.start);
        let mut found = Found::default();
        for (index, leaf) in range.clone().zip(&evidence.leaves) {
            leaves.append(self.take(index, leaf, &mut found)?);
        }
        let checkpoint = self.log.range(&proof, &leaves)?.checkpoint;
        let (expired, reanchors) = self.account(&evidence.statements, &found.removed)?;
        let is_there = |index: &u64| range.contains(index);
        if !evidence.erased.iter().all(is_there) || evidence.next.is_some_and(|n| n != range.end) {
            return Err(EvidenceError::Malformed("it names leaves that it has not".to_owned()));
        }
        let time = |micros| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
        Ok(EvidenceReport {
            origin: self.log.origin().to_owned(),
            leaves: range,
            checkpoint,
            events: found.events,
            matches: found.matches,
            expired,
            reanchors,
            erased: evidence.erased,
            recorded: found.recorded.map(|(first, last)| (time(first), time(last))),
            next: evidence.next,
        })
    }

    /// Takes note of a leaf, and gives its hash.
    fn take(
        &self,
        index: u64,
        leaf: &EvidenceLeaf,
        found: &mut Found,
    ) -> Result<Hash, EvidenceError> {
        let bytes = match leaf {
            EvidenceLeaf::Leaf(text) => STANDARD.decode(text),
            EvidenceLeaf::Hash(text) => {
                let hash = Hash::from_base64(text)?;
                found.removed.push((index, hash));
                return Ok(hash);
            }
        };
        let bytes = bytes.map_err(|e| EvidenceError::Malformed(format!("leaf {index}: {e}")))?;
        let leaf = Leaf::decode(&bytes)?;
        if leaf.kind() == LeafKind::Event {
            found.events += 1;
            if let Some(Value::Instant(micros)) = leaf.get(Field::CREATED_AT) {
                let (first, last) = found.recorded.unwrap_or((micros, micros));
                found.recorded = Some((first.min(micros), last.max(micros)));
            }
            if self.question.iter().all(|(question, value)| question.is_answered(&leaf, value)) {
                found.matches.push(index);
            }
        }
        Ok(Hash::leaf(&bytes))
    }

    /// Finds for each leaf without contents the statement that tells of it.
    fn account(
        &self,
        statements: &[String],
        removed: &[(u64, Hash)],
    ) -> Result<(Vec<Expired>, Vec<Reanchor>), EvidenceError> {
        let (mut tombstones, mut reanchors) = (Vec::new(), Vec::new());
        for text in statements {
            let note = SignedNote::parse(text)?;
            match self.log.tombstone(&note) {
                Ok(tombstone) => tombstones.push(tombstone),
                Err(error) if error.is_malformed() => reanchors.push(self.log.reanchor(&note)?),
                Err(error) => return Err(error.into()),
            }
        }
        let of = |t: &Tombstone| t.removed.begin()..t.removed.end();
        for (index, _) in removed {
            let expired = tombstones.iter().any(|tombstone| of(tombstone).contains(index));
            let given_up = reanchors.iter().any(|told| (told.begin..told.end).contains(index));
            if !expired && !given_up {
                return Err(EvidenceError::Unaccounted(*index));
            }
        }
        let expired = tombstones.into_iter().map(|tombstone| Expired {
            leaves: of(&tombstone),
            policy: tombstone.policy,
            reason: tombstone.reason,
            time_micros: tombstone.time_micros,
        });
        Ok((expired.collect(), reanchors))
    }
}

impl Question<'_> {
    /// Whether a leaf has a value, compared as text.
    fn is_answered(&self, leaf: &Leaf<'_>, wanted: &str) -> bool {
        match leaf.get(self.field) {
            Some(Value::Json(document)) => {
                json::get_text(document, &self.path).is_some_and(|found| found == wanted)
            }
            Some(_) if !self.path.is_empty() => false,
            Some(Value::Text(found)) => found == wanted,
            Some(Value::Uuid(bytes)) => {
                wanted.parse().is_ok_and(|wanted: Uuid| *wanted.as_bytes() == bytes)
            }
            Some(Value::Instant(micros)) => {
                let time = wanted.parse::<Timestamp>();
                time.is_ok_and(|wanted| wanted.as_microsecond() == micros)
            }
            Some(Value::Integer(found)) => wanted.parse() == Ok(found),
            Some(Value::Boolean(found)) => wanted.parse() == Ok(found),
            // Nobody can ask about what is hashed.
            None | Some(Value::Bytes(_) | Value::Sealed(_)) => false,
        }
    }
}
