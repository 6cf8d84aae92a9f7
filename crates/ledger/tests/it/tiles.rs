use mainstay_ledger::{
    TileId, TilePath, append_entry, edge_tiles, entries, grown_tiles, tile_hashes,
};
use proptest::prelude::*;

/// The example of the tlog-tiles specification.
#[test]
fn a_tree_of_70000_leaves_has_the_tiles_of_the_specification() {
    let tiles: Vec<_> = grown_tiles(0, 70_000).collect();
    let full = |level| tiles.iter().filter(move |tile| tile.level() == level && !tile.is_partial());
    assert_eq!((full(0).count(), full(1).count(), full(2).count()), (273, 1, 0));
    let edge: Vec<_> = edge_tiles(70_000).map(|tile| tile.to_string()).collect();
    assert_eq!(edge, ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
    let edge: Vec<_> = edge_tiles(256).map(|tile| tile.to_string()).collect();
    assert_eq!(edge, ["tile/1/000.p/1"]);
    assert_eq!(edge_tiles(0).count(), 0);
}

#[test]
fn growing_writes_the_tiles_that_changed() {
    let names = |old, new| grown_tiles(old, new).map(|tile| tile.to_string()).collect::<Vec<_>>();
    assert_eq!(names(5, 5), [""; 0]);
    assert_eq!(names(0, 1), ["tile/0/000.p/1"]);
    assert_eq!(names(255, 256), ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(names(256, 257), ["tile/0/001.p/1"]);
    assert_eq!(names(300, 600), ["tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"]);
}

#[test]
fn a_path_has_one_spelling() {
    for path in [
        "tile/0/000",
        "tile/0/000.p/1",
        "tile/0/999",
        "tile/1/x001/000",
        "tile/0/x123/x456/789.p/255",
        "tile/entries/x001/x234/067",
        "tile/entries/000.p/9",
    ] {
        assert_eq!(path.parse::<TilePath>().unwrap().to_string(), path);
    }
    for path in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/00/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/",
        "tile/0/000.p/1.p/1",
        "tile/-1/000",
        "tile/8/000",
        "tile/64/000",
        "tile/x/000",
        "tile/0/+01",
        "tile/0/００１",
        "tile/data/000",
        "tile/0/000/",
        "tile/7/x001/000",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
    ] {
        assert!(path.parse::<TilePath>().is_err(), "{path}");
    }
}

#[test]
fn a_bundle_that_is_cut_short_is_refused() {
    let mut bundle = Vec::new();
    for leaf in [&b"one"[..], b"", b"three"] {
        append_entry(&mut bundle, leaf).unwrap();
    }
    let read: Result<Vec<_>, _> = entries(&bundle).collect();
    assert_eq!(read.unwrap(), [&b"one"[..], b"", b"three"]);
    for len in (0..bundle.len()).filter(|len| ![0, 5, 7].contains(len)) {
        assert!(entries(&bundle[..len]).any(|entry| entry.is_err()), "{len} bytes");
    }
    assert!(append_entry(&mut bundle, &vec![0; 65_536]).unwrap_err().is_too_long());
    let empty = vec![0; 2 * 257];
    assert_eq!(entries(&empty[..2 * 256]).flatten().count(), 256);
    assert!(entries(&empty).last().unwrap().is_err());
}

#[test]
fn a_tile_of_another_length_is_refused() {
    let tile = TileId::new(0, 0, 2).unwrap();
    for len in [0, 32, 63, 65, 257 * 32] {
        assert!(tile_hashes(tile, &vec![0; len]).is_err(), "{len} bytes");
    }
    // A wider tile begins with the same hashes.
    assert_eq!(tile_hashes(tile, &[0; 96]).unwrap().len(), 2);
    assert!(TileId::new(0, 0, 0).is_err());
    assert!(TileId::new(0, 0, 257).is_err());
}

proptest! {
    #[test]
    fn paths_read_back(level in 0_u8..8, index in 0_u64..1 << 60, width in 1_u16..=256) {
        if let Ok(tile) = TileId::new(level, index, width) {
            for path in [TilePath::Hashes(tile), TilePath::Entries(tile)] {
                let read = path.to_string().parse::<TilePath>();
                match path {
                    TilePath::Entries(tile) if tile.level() > 0 => prop_assert_ne!(read.ok(), Some(path)),
                    _ => prop_assert_eq!(read.unwrap(), path),
                }
            }
        }
    }
}
