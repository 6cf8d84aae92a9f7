//! The POSIX tar format (ustar), of which one form is written and no other read.

use std::io::{Read, Write};

use super::ExportError;

pub(super) const BLOCK_LEN: usize = 512;
/// Blocks of zeroes that end an archive.
const END_LEN: usize = 2 * BLOCK_LEN;
/// Eleven octal digits, the size of a number in a header.
const NUMBER_MAX: u64 = (1 << 33) - 1;

/// The latest time of an export, in microseconds since 1970: what a header can hold.
pub const MAX_TIME_MICROS: i64 = NUMBER_MAX as i64 * 1_000_000;

/// A member's header: a plain file that everybody may read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) len: u64,
    /// Seconds since 1970.
    pub(super) time: u64,
}

impl Header {
    pub(super) fn to_block(&self) -> [u8; BLOCK_LEN] {
        let mut block = [0; BLOCK_LEN];
        let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, self.name.as_bytes());
        put(100, b"0000644\x000000000\x000000000\x00");
        put(124, format!("{:011o}\0{:011o}\0", self.len, self.time).as_bytes());
        put(148, b"        0");
        put(257, b"ustar\x0000");
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block
    }

    /// Reads a block that [`Self::to_block`] made; none for any other.
    fn from_block(block: &[u8; BLOCK_LEN]) -> Option<Self> {
        let octal = |at: usize| {
            let digits = std::str::from_utf8(&block[at..at + 11]).ok()?;
            u64::from_str_radix(digits, 8).ok()
        };
        let name_len = block[..100].iter().position(|byte| *byte == 0)?;
        let name = std::str::from_utf8(&block[..name_len]).ok()?.to_owned();
        let header = Self { name, len: octal(124)?, time: octal(136)? };
        (header.to_block() == *block).then_some(header)
    }
}

/// Writes a member.
pub(super) fn write_member(
    out: &mut impl Write,
    name: &str,
    bytes: &[u8],
    time: u64,
) -> Result<(), ExportError> {
    let len = bytes.len() as u64;
    if name.len() >= 100 || len > NUMBER_MAX || time > NUMBER_MAX {
        return Err(ExportError::member(name, "it does not fit an archive"));
    }
    out.write_all(&Header { name: name.to_owned(), len, time }.to_block())?;
    out.write_all(bytes)?;
    out.write_all(&[0; BLOCK_LEN][..padding(len)])?;
    Ok(())
}

/// Ends an archive.
pub(super) fn write_end(out: &mut impl Write) -> Result<(), ExportError> {
    out.write_all(&[0; END_LEN])?;
    Ok(())
}

/// The members of an archive, in their order.
pub(super) struct Members<R> {
    input: R,
    /// The time of the first member, which all have.
    time: Option<u64>,
}

impl<R: Read> Members<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, time: None }
    }

    /// The time of the members, in seconds since 1970.
    pub(super) fn time(&self) -> Option<u64> {
        self.time
    }

    /// The header of the next member; its contents are read next.
    pub(super) fn next(&mut self) -> Result<Header, ExportError> {
        let mut block = [0; BLOCK_LEN];
        self.input.read_exact(&mut block)?;
        let header = Header::from_block(&block)
            .ok_or_else(|| ExportError::member("archive", "a header is not as it must be"))?;
        if *self.time.get_or_insert(header.time) != header.time {
            return Err(ExportError::member(header.name, "its time is not the archive's"));
        }
        Ok(header)
    }

    /// The contents of a member that has at most `max` bytes.
    pub(super) fn read(&mut self, header: &Header, max: u64) -> Result<Vec<u8>, ExportError> {
        if header.len > max {
            return Err(ExportError::member(&header.name, "it is too long"));
        }
        let mut bytes = vec![0; header.len as usize];
        self.input.read_exact(&mut bytes)?;
        self.skip_padding(header)?;
        Ok(bytes)
    }

    /// Shows the contents of a member piece by piece, however long it is.
    pub(super) fn stream(
        &mut self,
        header: &Header,
        mut on_piece: impl FnMut(&[u8]),
    ) -> Result<(), ExportError> {
        let mut piece = vec![0; 64 * 1024];
        let mut left = header.len;
        while left > 0 {
            let len = left.min(piece.len() as u64);
            let piece = &mut piece[..len as usize];
            self.input.read_exact(piece)?;
            on_piece(piece);
            left -= len;
        }
        self.skip_padding(header)
    }

    /// Checks that the archive ends here.
    pub(super) fn finish(mut self) -> Result<(), ExportError> {
        let mut end = [0; END_LEN];
        self.input.read_exact(&mut end)?;
        let is_last = self.input.read(&mut [0])? == 0;
        if is_last && end == [0; END_LEN] {
            Ok(())
        } else {
            Err(ExportError::member("archive", "something follows its end"))
        }
    }

    fn skip_padding(&mut self, header: &Header) -> Result<(), ExportError> {
        let mut block = [0; BLOCK_LEN];
        let padding = &mut block[..padding(header.len)];
        self.input.read_exact(padding)?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(ExportError::member(&header.name, "something follows its end"));
        }
        Ok(())
    }
}

fn padding(len: u64) -> usize {
    (len.next_multiple_of(BLOCK_LEN as u64) - len) as usize
}
