//! Captures → a tally of each, several at a time; a panic is caught, and said with its packet.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once};
use std::thread;

use packet_theater::capture::FileSource;
use packet_theater::engine::{Engine, FrameView, Request, Response};

use super::compare::Tally;
use super::pdml;
use super::scope::Scope;

/// Runs `work` over all files, as many at once as there are processors; results are in the files' order.
pub fn each<T: Send>(files: &[PathBuf], work: impl Fn(&Path) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(files.len()));
    let workers = thread::available_parallelism().map_or(2, |count| count.get());
    thread::scope(|scope| {
        for _ in 0..workers.min(files.len()) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(number) else { return };
                    let result = work(file);
                    done.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((number, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Compares one capture, packet by packet; beside the tally, why it ended before the capture did.
pub fn compare(file: &Path, scope: &Scope) -> (Tally, Option<String>) {
    let mut tally = Tally::of(&file.display().to_string());
    let result = packets(file, scope, &mut tally);
    (tally, result.err())
}

fn packets(file: &Path, scope: &Scope, tally: &mut Tally) -> Result<(), String> {
    let name = file.display().to_string();
    let mut engine = match caught(|| opened(file)) {
        Ok(engine) => engine?,
        Err(panic) => {
            tally.panics.push(format!("{name}: {panic}"));
            return Err("opening it panicked".into());
        }
    };
    let mut theirs = pdml::Packets::of(file)?;
    for frame in 1.. {
        let ours = match caught(|| layers(&mut engine, frame)) {
            Ok(Some(view)) => view,
            Ok(None) => break,
            Err(panic) => {
                tally.panics.push(format!("{name} frame {frame}: {panic}"));
                tally.packets += 1;
                theirs.next()?;
                continue;
            }
        };
        let Some(packet) = theirs.next()? else {
            return Err(format!("tshark has no frame {frame}"));
        };
        if packet.captured != ours.captured {
            return Err(format!("frame {frame}: tshark counts the blocks of this file otherwise"));
        }
        tally.packet(scope, &ours, &packet);
    }
    Ok(())
}

fn opened(file: &Path) -> Result<Engine<FileSource>, String> {
    let source = FileSource::open(file).map_err(|error| error.to_string())?;
    let mut engine = Engine::open(source, "").map_err(|failure| failure.detail)?;
    engine.advance(u64::MAX).map_err(|failure| failure.detail)?;
    Ok(engine)
}

/// The packet as the page gets it; `None` behind the last one.
fn layers(engine: &mut Engine<FileSource>, frame: u32) -> Option<FrameView> {
    match engine.answer(&Request::Layers { frame }) {
        Response::Layers(view) => Some(view),
        _ => None,
    }
}

thread_local! {
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The result, or what the panic said and where.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|panic| LAST_PANIC.with(|last| *last.borrow_mut() = panic.to_string())));
    });
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| LAST_PANIC.with(|last| last.borrow().replace('\n', " ")))
}
