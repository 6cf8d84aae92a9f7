//! One question to a witness: `POST {prefix}/add-checkpoint`.

use super::super::tables::Tables;
use super::super::tiles::tile_set;
use super::Witness;
use mainstay_kernel::{Error, PLATFORM_ORGANIZATION, Result};
use mainstay_ledger::{AddCheckpoint, Hash, SignedNote, consistency_tiles, prove_consistency};
use mainstay_store::Store;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response, StatusCode, Url, redirect};
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes.
const ANSWER_MAX: usize = 64 * 1024;
/// Questions in a row: one with what is known here, one with what the witness says it knows, and
/// one more when another server has asked meanwhile.
const TRIES: usize = 3;
/// The part of an answer that is told, in characters.
const TOLD_MAX: usize = 200;

/// The checkpoint that is to be cosigned, and where proofs come from.
pub(super) struct Present<'a> {
    pub(super) store: &'a Store,
    pub(super) tables: &'a Tables,
    pub(super) size: u64,
    pub(super) note: SignedNote,
}

/// What a witness says.
pub(super) enum Said {
    /// The checkpoint with its cosignature.
    Cosigned(SignedNote),
    /// The log is not one that it can cosign, and how many leaves it knows.
    Refused { why: String, size: Option<u64> },
    /// Nothing of the log.
    Nothing(String),
}

/// Asks one witness.
pub(super) struct Asker {
    client: Client,
    url: Url,
    witness: Witness,
}

impl Asker {
    pub(super) fn new(witness: Witness) -> Result<Self> {
        let client = Client::builder()
            // The operator has named this address and no other.
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .build()
            .map_err(Error::internal)?;
        let mut url = witness.url.clone();
        url.path_segments_mut()
            .map_err(|()| Error::internal("a witness's URL can have no path"))?
            .pop_if_empty()
            .push("add-checkpoint");
        Ok(Self { client, url, witness })
    }

    pub(super) fn witness(&self) -> &Witness {
        &self.witness
    }

    /// Asks, with `known` as the number of leaves that the witness is believed to know.
    pub(super) async fn ask(&self, present: Present<'_>, known: u64) -> Result<Said> {
        let mut old_size = known;
        for _ in 0..TRIES {
            let proof = present.proof(old_size).await?;
            let question =
                AddCheckpoint { old_size, proof, checkpoint: present.note.clone() }.to_string();
            let (status, answer) = match self.post(question).await {
                Ok(answer) => answer,
                Err(error) => return Ok(Said::Nothing(error)),
            };
            match (status, size_of(&answer)) {
                (StatusCode::OK, _) => return Ok(self.cosigned(present.note, &answer)),
                (StatusCode::CONFLICT, Some(size)) if size > present.size => {
                    return Ok(rolled_back(size, present.size));
                }
                (StatusCode::CONFLICT, Some(size)) if size != old_size => old_size = size,
                (StatusCode::CONFLICT, Some(_)) | (StatusCode::UNPROCESSABLE_ENTITY, _) => {
                    return Ok(forked(old_size));
                }
                (StatusCode::CONFLICT, None) if old_size == present.size => {
                    return Ok(forked(old_size));
                }
                (StatusCode::FORBIDDEN | StatusCode::NOT_FOUND, _) => {
                    return Ok(Said::Nothing(format!("it does not know this log ({status})")));
                }
                _ => return Ok(Said::Nothing(format!("{status}: {}", shown(&answer)))),
            }
        }
        Ok(Said::Nothing("others ask it at the same time".to_owned()))
    }

    async fn post(&self, question: String) -> Result<(StatusCode, String), String> {
        let request = self.client.post(self.url.clone()).body(question);
        let request = request.header(CONTENT_TYPE, "text/plain; charset=utf-8");
        // The causes say more than the error: whether the name, the address or the port is wrong.
        let told = |error: reqwest::Error| {
            let cause =
                std::iter::successors(std::error::Error::source(&error), |error| error.source());
            cause.last().map_or_else(|| error.to_string(), ToString::to_string)
        };
        let response = request.send().await.map_err(told)?;
        let status = response.status();
        Ok((status, read(response).await.map_err(told)?))
    }

    fn cosigned(&self, mut note: SignedNote, answer: &str) -> Said {
        match note.add_signatures(answer, std::slice::from_ref(self.witness.key())) {
            Ok(0) => Said::Nothing("its answer holds no cosignature of its key".to_owned()),
            Ok(_) => Said::Cosigned(note),
            Err(error) => Said::Nothing(error.to_string()),
        }
    }
}

impl Present<'_> {
    /// That the checkpoint continues that of the first `old` leaves.
    async fn proof(&self, old: u64) -> Result<Vec<Hash>> {
        if old >= self.size {
            return Ok(Vec::new());
        }
        let wanted = consistency_tiles(old, self.size).map_err(Error::internal)?;
        let tiles = tile_set(self.store, self.tables, PLATFORM_ORGANIZATION, &wanted).await?;
        prove_consistency(&tiles, old, self.size).map_err(Error::internal)
    }
}

/// The witness has seen more: this log is shorter than it was.
fn rolled_back(seen: u64, present: u64) -> Said {
    let why = format!("it has seen {seen} leaves and there are {present}: the log was rolled back");
    Said::Refused { why, size: Some(seen) }
}

/// The witness has seen other leaves.
fn forked(seen: u64) -> Said {
    let why = format!("the first {seen} leaves are others than those it has seen: the log forked");
    Said::Refused { why, size: Some(seen) }
}

/// The number in an answer of the type `text/x.tlog.size`.
fn size_of(answer: &str) -> Option<u64> {
    answer.strip_suffix('\n')?.parse().ok()
}

/// What an answer says, for people.
fn shown(answer: &str) -> String {
    let line = answer.lines().next().unwrap_or_default();
    line.chars().filter(|c| !c.is_control()).take(TOLD_MAX).collect()
}

/// The body, as far as it is read.
async fn read(mut response: Response) -> reqwest::Result<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await? {
        let room = ANSWER_MAX - bytes.len();
        bytes.extend_from_slice(&piece[..piece.len().min(room)]);
        if bytes.len() == ANSWER_MAX {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
