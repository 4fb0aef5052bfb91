//! Captures made by hand, byte for byte, in every variant of the formats → the records that must come out.

use packet_theater::capture::{FileSource, generate, open};

#[test]
#[ignore]
fn dump() {
    let path = std::env::var("CAPTURES").unwrap();
    for path in std::fs::read_to_string(path).unwrap().lines() {
        match open(FileSource::open(path).unwrap()) {
            Err(error) => println!("F {path}\nE {error}"),
            Ok(mut reader) => {
                println!("F {path}");
                while let Some((record, bytes)) = reader.next().unwrap() {
                    assert_eq!(bytes.len(), record.captured as usize);
                    println!("P {} {} {} {} {}", record.time, record.captured, record.length, record.interface, record.link.0);
                }
                for note in reader.notes() {
                    println!("N {note}");
                }
            }
        }
    }
}

#[test]
#[ignore]
fn make() {
    let path = std::env::var("OUT").unwrap();
    let start = std::time::Instant::now();
    let file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    println!("{} frames in {:?}", generate::mixed(file, 100_000_000, 1).unwrap(), start.elapsed());
}
