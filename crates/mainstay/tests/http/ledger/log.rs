//! A log as an outsider reads it: over HTTP, believing nothing but its key.

use crate::server::{Caller, Server};
use mainstay_ledger::{
    Checkpoint, Hash, LeafStream, LogVerifier, SignedNote, TILE_WIDTH, TileId, TilePath, TileSet,
    VerifiedCheckpoint, VerifierKey, consistency_tiles, entries, prove_consistency,
};
use reqwest::StatusCode;

pub(super) struct Log {
    url: String,
    caller: Caller,
    client: reqwest::Client,
    pub(super) verifier: LogVerifier,
}

/// Gets a path below `/ledger/v1/`.
pub(super) async fn get(server: &Server, caller: &Caller, path: &str) -> reqwest::Response {
    let url = format!("{}/ledger/v1/{path}", server.url);
    request(&reqwest::Client::new(), caller, &url).await
}

async fn request(client: &reqwest::Client, caller: &Caller, url: &str) -> reqwest::Response {
    let mut request = client.get(url);
    if let Some(apikey) = &caller.apikey {
        request = request.header("apikey", apikey);
    }
    if let Some(bearer) = &caller.bearer {
        request = request.bearer_auth(bearer);
    }
    request.send().await.unwrap()
}

/// The root of the tree of some leaves.
pub(super) fn root(leaves: &[Vec<u8>]) -> Hash {
    let mut stream = LeafStream::new();
    for leaf in leaves {
        stream.push(leaf);
    }
    stream.into_range().root().unwrap()
}

impl Log {
    pub(super) async fn open(server: &Server, caller: &Caller, organization: &str) -> Self {
        let key = get(server, caller, &format!("{organization}/key")).await;
        assert_eq!(key.status(), StatusCode::OK);
        let key: VerifierKey = key.text().await.unwrap().trim_end().parse().unwrap();
        let origin = key.name().to_owned();
        assert!(origin.ends_with(&format!("/ledger/v1/{organization}")), "{origin}");
        Self {
            url: format!("{}/ledger/v1/{organization}", server.url),
            caller: caller.clone(),
            client: reqwest::Client::new(),
            verifier: LogVerifier::new(&origin, [key]),
        }
    }

    pub(super) async fn fetch(&self, path: &str) -> reqwest::Response {
        request(&self.client, &self.caller, &format!("{}/{path}", self.url)).await
    }

    pub(super) async fn verified(&self) -> VerifiedCheckpoint {
        let response = self.fetch("checkpoint").await;
        assert_eq!(response.status(), StatusCode::OK);
        let note = SignedNote::parse(&response.text().await.unwrap()).unwrap();
        self.verifier.checkpoint(&note).unwrap()
    }

    pub(super) async fn checkpoint(&self) -> Checkpoint {
        self.verified().await.checkpoint
    }

    async fn tile(&self, path: TilePath) -> Vec<u8> {
        let response = self.fetch(&path.to_string()).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.bytes().await.unwrap().to_vec()
    }

    /// All leaves of the tree of a size.
    pub(super) async fn leaves(&self, size: u64) -> Vec<Vec<u8>> {
        let mut leaves = Vec::new();
        for index in 0..size.div_ceil(TILE_WIDTH.into()) {
            let tile = TileId::in_tree(0, index, size).unwrap();
            let bundle = self.tile(TilePath::Entries(tile)).await;
            leaves.extend(entries(&bundle).map(|leaf| leaf.unwrap().to_vec()));
        }
        assert_eq!(leaves.len() as u64, size);
        leaves
    }

    /// The proof that a log of `new` leaves begins with one of `old`.
    pub(super) async fn consistency(&self, old: u64, new: u64) -> Vec<Hash> {
        let mut tiles = TileSet::new();
        for tile in consistency_tiles(old, new).unwrap() {
            tiles.insert(tile, self.tile(TilePath::Hashes(tile)).await).unwrap();
        }
        prove_consistency(&tiles, old, new).unwrap()
    }
}
