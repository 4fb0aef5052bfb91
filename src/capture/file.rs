//! A file of the operating system → a source. Native tools and tests only; the browser has its own over `File`.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use super::Source;

/// An open file; its size is asked for each time, so that a capture that is still being written grows.
pub struct FileSource {
    file: File,
}

impl FileSource {
    /// Errors: the operating system's words with the path in front.
    pub fn open(path: impl AsRef<Path>) -> Result<FileSource, String> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(FileSource { file })
    }
}

impl Source for FileSource {
    fn size(&self) -> u64 {
        self.file.metadata().map_or(0, |metadata| metadata.len())
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, String> {
        self.file.seek(SeekFrom::Start(offset)).map_err(|error| error.to_string())?;
        let mut filled = 0;
        while let Some(room) = buffer.get_mut(filled..).filter(|room| !room.is_empty()) {
            match self.file.read(room) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.to_string()),
            }
        }
        Ok(filled)
    }
}
