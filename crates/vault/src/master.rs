//! The master key and its file.

use std::{
    fmt::{self, Write as _},
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::Path,
};

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use zeroize::Zeroizing;

use crate::{
    Entropy, KeyId, Result,
    error::{KeyFileProblem, Kind},
    key::{KEY_LEN, KeyBytes},
};

/// A longer file is not a key; nothing is read beyond this many bytes.
const FILE_LEN_MAX: usize = 256;
const MODE: u32 = 0o600;
const MODE_OF_OTHERS: u32 = 0o077;

const BASE64_CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, BASE64_CONFIG);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, BASE64_CONFIG);

/// The key that wraps all others of an installation.
pub struct MasterKey {
    id: KeyId,
    bytes: KeyBytes,
}

impl MasterKey {
    /// A new key that exists in memory only.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self::new(KeyBytes::generate(entropy))
    }

    fn new(bytes: KeyBytes) -> Self {
        Self { id: bytes.id(), bytes }
    }

    /// Makes a new key and a file of mode 0600 that holds it, durably written.
    ///
    /// The file appears whole or not at all, and never replaces another: of two servers that start
    /// at once, one fails here and can [`read`](Self::read) the other's. Errors: `is_key_file`.
    pub fn create(path: &Path, entropy: &dyn Entropy) -> Result<Self> {
        let key = Self::generate(entropy);
        key.write(path).map_err(|error| file_error(path, error.into()))?;
        Ok(key)
    }

    /// The key in the file at `path`: 64 hexadecimal digits or base64, with or without a newline.
    ///
    /// Errors: `is_key_file` when the file is missing (`is_key_file_missing`), is not a regular
    /// file, can be used by its group or others, or holds something else.
    pub fn read(path: &Path) -> Result<Self> {
        Self::read_private(path).map_err(|problem| file_error(path, problem))
    }

    /// The key in `text`, as an environment variable holds it: 64 hexadecimal digits, or base64 of
    /// either alphabet with or without padding. Errors: `is_key_text`.
    pub fn from_text(text: &str) -> Result<Self> {
        Ok(Self::new(decode(text.as_bytes()).ok_or(Kind::KeyText)?))
    }

    /// The key's name, as in the header of each key that it wrapped.
    pub fn id(&self) -> KeyId {
        self.id
    }

    pub(crate) fn bytes(&self) -> &KeyBytes {
        &self.bytes
    }

    fn read_private(path: &Path) -> std::result::Result<Self, KeyFileProblem> {
        let file = File::open(path)?;
        // Asked of the open file: the path could lead to another one by now.
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(KeyFileProblem::NotAFile);
        }
        if metadata.mode() & MODE_OF_OTHERS != 0 {
            return Err(KeyFileProblem::Permissions(metadata.mode() & 0o7777));
        }
        let mut text = Zeroizing::new(Vec::with_capacity(FILE_LEN_MAX));
        file.take(FILE_LEN_MAX as u64).read_to_end(&mut text)?;
        decode(&text).map(Self::new).ok_or(KeyFileProblem::Content)
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        // A link, unlike a rename, refuses to replace a file that is already there.
        let temporary = path.with_added_extension(self.id.to_string());
        let linked =
            self.write_temporary(&temporary).and_then(|()| fs::hard_link(&temporary, path));
        let removed = fs::remove_file(&temporary);
        linked.and(removed)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }

    fn write_temporary(&self, path: &Path) -> io::Result<()> {
        let mut text = Zeroizing::new(String::with_capacity(2 * KEY_LEN + 1));
        for byte in self.bytes.as_bytes() {
            // Writing to a String does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        text.push('\n');
        let mut file = OpenOptions::new().write(true).create_new(true).mode(MODE).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MasterKey").field("id", &self.id).finish_non_exhaustive()
    }
}

fn file_error(path: &Path, problem: KeyFileProblem) -> crate::Error {
    Kind::KeyFile { path: path.to_owned(), problem }.into()
}

fn decode(text: &[u8]) -> Option<KeyBytes> {
    let text = text.trim_ascii();
    // base64's decoder wants room for 33 bytes before it sees that there are 32.
    let mut decoded = Zeroizing::new([0; KEY_LEN + 1]);
    let len = if text.len() == 2 * KEY_LEN {
        decode_hex(text, &mut decoded[..KEY_LEN])?
    } else {
        let url = text.iter().any(|byte| matches!(byte, b'-' | b'_'));
        let engine = if url { &BASE64_URL } else { &BASE64 };
        engine.decode_slice(text, &mut decoded[..]).ok()?
    };
    (len == KEY_LEN).then(|| KeyBytes::fill_with(|bytes| bytes.copy_from_slice(&decoded[..len])))
}

fn decode_hex(digits: &[u8], bytes: &mut [u8]) -> Option<usize> {
    for (pair, byte) in digits.chunks_exact(2).zip(bytes.iter_mut()) {
        let [high, low] = [pair[0], pair[1]].map(|digit| char::from(digit).to_digit(16));
        *byte = (high? << 4 | low?) as u8;
    }
    Some(bytes.len())
}
