//! Stored state: typed tables in memory, every change appended as one line of JSON to one file.
//! A killed process loses nothing it answered for: the line is handed to the system before the
//! change is visible. Must not know what the tables hold.

use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::SandboxError;
use super::lock;

type Rows = HashMap<String, BTreeMap<String, Value>>;

/// One change: `v` missing means that the row went away.
#[derive(Serialize, Deserialize)]
struct Record {
    t: String,
    k: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    v: Option<Value>,
}

/// A line is one change, or several that hold only together.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    One(Record),
    Many(Vec<Record>),
}

/// The file all tables write to; without a file the state lives as long as the process.
pub(crate) struct Journal {
    path: PathBuf,
    file: Mutex<Option<File>>,
    loaded: Mutex<Rows>,
    records: usize,
}

impl Journal {
    /// A journal without a file.
    pub(crate) fn in_memory() -> Arc<Self> {
        Arc::new(Self { path: PathBuf::new(), file: Mutex::new(None), loaded: Mutex::default(), records: 0 })
    }

    /// Reads `path` back and goes on writing at its end.
    pub(crate) fn open(path: &Path) -> Result<Arc<Self>, SandboxError> {
        let failed = |source| SandboxError::File { path: path.to_owned(), source };
        let (rows, records, whole) = match std::fs::read(path) {
            Ok(bytes) => replay(&bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => (Rows::new(), 0, 0),
            Err(error) => return Err(failed(error)),
        };
        let live: usize = rows.values().map(BTreeMap::len).sum();
        let is_mostly_history = records > 4 * live + 1_000;
        if is_mostly_history {
            rewrite(path, &rows).map_err(failed)?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(failed)?;
        if !is_mostly_history {
            // A line torn by a kill would swallow the next one.
            file.set_len(whole).map_err(failed)?;
        }
        Ok(Arc::new(Self {
            path: path.to_owned(),
            file: Mutex::new(Some(file)),
            loaded: Mutex::new(rows),
            records,
        }))
    }

    /// How many changes were read back when the journal was opened.
    pub(crate) fn records(&self) -> usize {
        self.records
    }

    /// The table `name`, with what was stored of it. To be called once for each name.
    pub(crate) fn table<T>(self: &Arc<Self>, name: &'static str) -> Result<Table<T>, SandboxError>
    where
        T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    {
        let stored = lock(&self.loaded).remove(name).unwrap_or_default();
        let mut rows = BTreeMap::new();
        for (key, value) in stored {
            let row = serde_json::from_value(value)
                .map_err(|source| SandboxError::Record { table: name.to_owned(), source })?;
            rows.insert(key, row);
        }
        Ok(Table { name, journal: Arc::clone(self), rows: Arc::new(RwLock::new(rows)) })
    }

    /// Starts a group of changes that are stored and become visible together.
    pub(crate) fn batch(&self) -> Batch<'_> {
        Batch { journal: self, records: Vec::new(), changes: Vec::new() }
    }

    fn append(&self, file: &mut Option<File>, records: &[Record]) -> Result<(), SandboxError> {
        let Some(file) = file else { return Ok(()) };
        let failed = |source| SandboxError::File { path: self.path.clone(), source };
        let line = match records {
            [] => return Ok(()),
            [one] => serde_json::to_vec(one),
            many => serde_json::to_vec(many),
        };
        let mut line = line.map_err(|error| failed(error.into()))?;
        line.push(b'\n');
        file.write_all(&line).map_err(failed)
    }
}

fn replay(bytes: &[u8]) -> (Rows, usize, u64) {
    let mut rows = Rows::new();
    let mut records = 0;
    let mut whole = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if line.last() != Some(&b'\n') {
            break;
        }
        let Ok(line_read) = serde_json::from_slice::<Line>(line) else { break };
        whole += line.len() as u64;
        let changes = match line_read {
            Line::One(record) => vec![record],
            Line::Many(records) => records,
        };
        for Record { t, k, v } in changes {
            records += 1;
            let table = rows.entry(t).or_default();
            match v {
                Some(value) => table.insert(k, value),
                None => table.remove(&k),
            };
        }
    }
    (rows, records, whole)
}

fn rewrite(path: &Path, rows: &Rows) -> std::io::Result<()> {
    let fresh = path.with_extension("new");
    let mut out = std::io::BufWriter::new(File::create(&fresh)?);
    for (table, rows) in rows {
        for (key, value) in rows {
            let record = Record { t: table.clone(), k: key.clone(), v: Some(value.clone()) };
            serde_json::to_writer(&mut out, &record)?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()?;
    std::fs::rename(&fresh, path)
}

/// Rows of one type by key, in key order. Clones share the rows.
pub(crate) struct Table<T> {
    name: &'static str,
    journal: Arc<Journal>,
    rows: Arc<RwLock<BTreeMap<String, T>>>,
}

impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self { name: self.name, journal: Arc::clone(&self.journal), rows: Arc::clone(&self.rows) }
    }
}

impl<T> Table<T>
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
{
    /// The row of `key`.
    pub(crate) fn get(&self, key: &str) -> Option<T> {
        self.read(|rows| rows.get(key).cloned())
    }

    /// All rows in key order.
    pub(crate) fn list(&self) -> Vec<(String, T)> {
        self.read(|rows| rows.iter().map(|(key, row)| (key.clone(), row.clone())).collect())
    }

    /// The first row, in key order, that `wanted` accepts.
    pub(crate) fn find(&self, wanted: impl Fn(&T) -> bool) -> Option<(String, T)> {
        self.read(|rows| {
            rows.iter().find(|(_, row)| wanted(row)).map(|(key, row)| (key.clone(), row.clone()))
        })
    }

    /// Looks at the rows without copying them.
    pub(crate) fn read<R>(&self, look: impl FnOnce(&BTreeMap<String, T>) -> R) -> R {
        look(&self.rows.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Stores the row of `key`, replacing an older one.
    pub(crate) fn put(&self, key: &str, row: &T) -> Result<(), SandboxError> {
        let mut batch = self.journal.batch();
        batch.put(self, key, row)?;
        batch.commit()
    }

    /// Forgets the row of `key`.
    pub(crate) fn delete(&self, key: &str) -> Result<(), SandboxError> {
        let mut batch = self.journal.batch();
        batch.delete(self, key);
        batch.commit()
    }

    /// Forgets all rows.
    pub(crate) fn clear(&self) -> Result<(), SandboxError> {
        let keys: Vec<String> = self.read(|rows| rows.keys().cloned().collect());
        let mut batch = self.journal.batch();
        for key in &keys {
            batch.delete(self, key);
        }
        batch.commit()
    }

    /// Changes the row of `key` in one piece: nobody writes between the look and the change.
    /// `None` when there is no such row.
    pub(crate) fn update<R>(
        &self,
        key: &str,
        change: impl FnOnce(&mut T) -> R,
    ) -> Result<Option<R>, SandboxError> {
        let mut file = lock(&self.journal.file);
        let Some(mut row) = self.get(key) else { return Ok(None) };
        let outcome = change(&mut row);
        let value = self.to_value(&row)?;
        let record = Record { t: self.name.to_owned(), k: key.to_owned(), v: Some(value) };
        self.journal.append(&mut file, &[record])?;
        self.write(|rows| rows.insert(key.to_owned(), row));
        Ok(Some(outcome))
    }

    fn write<R>(&self, change: impl FnOnce(&mut BTreeMap<String, T>) -> R) -> R {
        change(&mut self.rows.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn to_value(&self, row: &T) -> Result<Value, SandboxError> {
        serde_json::to_value(row)
            .map_err(|source| SandboxError::Record { table: self.name.to_owned(), source })
    }
}

/// Changes of any tables that are stored as one line: after a kill all of them or none are there.
#[must_use = "a batch does nothing until it is committed"]
pub(crate) struct Batch<'a> {
    journal: &'a Journal,
    records: Vec<Record>,
    changes: Vec<Box<dyn FnOnce() + Send>>,
}

impl Batch<'_> {
    /// Adds: the row of `key` becomes `row`.
    pub(crate) fn put<T>(&mut self, table: &Table<T>, key: &str, row: &T) -> Result<(), SandboxError>
    where
        T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    {
        let value = table.to_value(row)?;
        self.records.push(Record { t: table.name.to_owned(), k: key.to_owned(), v: Some(value) });
        let (table, key, row) = (table.clone(), key.to_owned(), row.clone());
        self.changes.push(Box::new(move || {
            table.write(|rows| rows.insert(key, row));
        }));
        Ok(())
    }

    /// Adds: the row of `key` goes away.
    pub(crate) fn delete<T>(&mut self, table: &Table<T>, key: &str)
    where
        T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    {
        self.records.push(Record { t: table.name.to_owned(), k: key.to_owned(), v: None });
        let (table, key) = (table.clone(), key.to_owned());
        self.changes.push(Box::new(move || {
            table.write(|rows| rows.remove(&key));
        }));
    }

    /// Stores the changes, then shows them.
    pub(crate) fn commit(self) -> Result<(), SandboxError> {
        let mut file = lock(&self.journal.file);
        self.journal.append(&mut file, &self.records)?;
        for change in self.changes {
            change();
        }
        Ok(())
    }
}
