//! What must hold in the end, whatever happened.

use super::super::tables::{LEAVES, entity};
use super::server::{World, event_of, mac};
use mainstay_kernel::PLATFORM_ORGANIZATION;
use mainstay_kernel::entities::{LedgerEntry, LedgerHead, LedgerPending, LedgerTile};
use mainstay_ledger::{
    Checkpoint, Field, Hash, Leaf, LeafKind, LogVerifier, SignedNote, TreeWriter,
    Value as LeafValue, VerifierKey, entries,
};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Each log as its rows say.
struct Log {
    head: LedgerHead,
    leaves: Vec<Vec<u8>>,
    /// Roots by size, at every size that was ever signed.
    signed: BTreeMap<u64, Hash>,
}

/// Checks every invariant; panics where one does not hold.
pub(super) fn check(world: &World) {
    let tables = &world.tables;
    let heads = world.engine.rows(&tables.heads);
    let logs: HashMap<Uuid, Log> = heads
        .into_iter()
        .map(|row| entity::<LedgerHead>(row).unwrap())
        .map(|head| (head.organization_id.uuid(), Log::read(world, head)))
        .collect();
    events_have_one_place(world, &logs);
    for log in logs.values() {
        log.check_tiles(world);
    }
    anchors_are_checkpoints(&logs);
}

/// A digest of everything that was ever signed.
pub(super) fn digest(world: &World) -> Hash {
    world.engine.with_history(|history| {
        let text: String = history.heads.iter().map(|head| head.checkpoint.to_string()).collect();
        Hash::of(text.as_bytes())
    })
}

/// Each committed event is in its organisation's log once, and nothing else is in any.
fn events_have_one_place(world: &World, logs: &HashMap<Uuid, Log>) {
    let pending: Vec<LedgerPending> = {
        let rows = world.engine.rows(&world.tables.pending);
        rows.into_iter().map(|row| entity(row).unwrap()).collect()
    };
    assert!(pending.is_empty(), "{} events have no place", pending.len());
    let mut placed: HashMap<Uuid, Uuid> = HashMap::new();
    for (organization, log) in logs {
        for leaf in &log.leaves {
            if Leaf::decode(leaf).unwrap().kind() == LeafKind::Event {
                let event = event_of(leaf);
                let before = placed.insert(event, *organization);
                assert_eq!(before, None, "event {event} has two places");
            }
        }
    }
    let committed = world.engine.with_history(|history| {
        let own = history.pending.iter().filter(|row| mac(&row.leaf) == row.mac);
        own.map(|row| (event_of(&row.leaf), row.organization_id.uuid())).collect::<HashMap<_, _>>()
    });
    for (event, organization) in &committed {
        assert_eq!(placed.get(event), Some(organization), "event {event} is lost");
    }
    assert_eq!(placed.len(), committed.len(), "an event is in a log that nobody wrote");
    for event in &*world.acknowledged.lock() {
        assert!(placed.contains_key(event), "acknowledged event {event} is lost");
    }
}

/// Whatever the platform's log says of another log is what that one was once.
fn anchors_are_checkpoints(logs: &HashMap<Uuid, Log>) {
    let mut anchored: HashMap<Uuid, u64> = HashMap::new();
    for leaf in &logs[&PLATFORM_ORGANIZATION].leaves {
        let leaf = Leaf::decode(leaf).unwrap();
        if leaf.kind() != LeafKind::Checkpoint {
            continue;
        }
        let (Some(LeafValue::Uuid(log)), Some(LeafValue::Text(note))) =
            (leaf.get(Field::ORGANIZATION_ID), leaf.get(Field::NOTE))
        else {
            panic!("a checkpoint's leaf lacks fields");
        };
        let log = Uuid::from_bytes(log);
        let checkpoint = checkpoint(note);
        assert_eq!(logs[&log].signed.get(&checkpoint.size), Some(&checkpoint.root));
        let newest = anchored.entry(log).or_default();
        *newest = checkpoint.size.max(*newest);
    }
    for (organization, log) in logs.iter().filter(|(id, _)| **id != PLATFORM_ORGANIZATION) {
        let size = anchored.get(organization).copied();
        assert_eq!(size, Some(log.leaves.len() as u64), "the last checkpoint is not anchored");
    }
}

fn checkpoint(note: &str) -> Checkpoint {
    Checkpoint::from_text(SignedNote::parse(note).unwrap().text()).unwrap()
}

impl Log {
    /// Reads a log's leaves and compares every checkpoint that was ever committed with them: each
    /// is a beginning of the log, so that all are consistent with each other.
    fn read(world: &World, head: LedgerHead) -> Self {
        let organization = head.organization_id;
        let mut leaves: Vec<Vec<u8>> = Vec::new();
        for run in tiles(world, &head).iter().filter(|tile| tile.level == LEAVES) {
            let next = leaves.len() as i64;
            assert_eq!(run.number, next, "the log has a gap or an index twice");
            leaves.extend(entries(&run.bytes).map(|leaf| leaf.unwrap().to_vec()));
        }
        let states: Vec<(u64, Hash, String)> = world.engine.with_history(|history| {
            let own = history.heads.iter().filter(|head| head.organization_id == organization);
            own.map(|head| {
                let root = Hash::from_slice(&head.root).unwrap();
                (head.size.cast_unsigned(), root, head.checkpoint.to_string())
            })
            .collect()
        });
        assert!(states.is_sorted_by_key(|(size, ..)| *size), "a log shrank");
        assert_eq!(head.size, leaves.len() as i64, "head and leaves differ");
        let mut tree = TreeWriter::new();
        let mut roots = vec![tree.root()];
        for leaf in &leaves {
            tree.append(Hash::leaf(leaf));
            roots.push(tree.root());
        }
        let mut signed = BTreeMap::new();
        for (size, root, note) in states {
            let expected = roots.get(size as usize);
            assert_eq!(Some(&root), expected, "the log forked before {size} leaves");
            let Checkpoint { size: told, root: signed_root, .. } = checkpoint(&note);
            assert_eq!((told, signed_root), (size, root), "a checkpoint of another tree");
            signed.insert(size, root);
        }
        Self { head, leaves, signed }
    }

    /// The tiles, the index of events and the signature are those of the leaves.
    fn check_tiles(&self, world: &World) {
        let mut tree = TreeWriter::new();
        for leaf in &self.leaves {
            tree.append(Hash::leaf(leaf));
        }
        let tiles = tiles(world, &self.head);
        for (id, bytes) in tree.take_tiles() {
            let (level, number) = (i16::from(id.level()), id.index().cast_signed());
            let kept = tiles.iter().find(|tile| (tile.level, tile.number) == (level, number));
            assert_eq!(kept.map(|tile| &tile.bytes), Some(&bytes), "{id} is not of this tree");
        }
        let runs = tiles.iter().filter(|tile| tile.level == LEAVES);
        let runs: HashSet<i64> = runs.map(|tile| tile.number).collect();
        let mut placed = 0;
        for row in world.engine.rows(&world.tables.entries) {
            let entry: LedgerEntry = entity(row).unwrap();
            if entry.organization_id != self.head.organization_id {
                continue;
            }
            assert!(runs.contains(&entry.first_index), "an entry without leaves");
            let first = entry.first_index as usize;
            for leaf in &self.leaves[first..first + entry.leaves as usize] {
                placed += 1;
                if Leaf::decode(leaf).unwrap().kind() == LeafKind::Event {
                    let range = entry.first_id.uuid()..=entry.last_id.uuid();
                    assert!(range.contains(&event_of(leaf)), "an event is not found by its entry");
                }
            }
        }
        assert_eq!(placed, self.leaves.len(), "entries and leaves differ");
        let key: VerifierKey = self.head.verifier_key.parse().unwrap();
        let note = SignedNote::parse(&self.head.checkpoint).unwrap();
        LogVerifier::new(&self.head.origin, [key]).checkpoint(&note).unwrap();
    }
}

/// The tiles of a log, by level and number.
fn tiles(world: &World, head: &LedgerHead) -> Vec<LedgerTile> {
    let rows = world.engine.rows(&world.tables.tiles).into_iter();
    let all = rows.map(|row| entity::<LedgerTile>(row).unwrap());
    let mut tiles: Vec<LedgerTile> =
        all.filter(|tile| tile.organization_id == head.organization_id).collect();
    tiles.sort_by_key(|tile| (tile.level, tile.number));
    tiles
}
