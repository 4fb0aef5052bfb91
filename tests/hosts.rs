//! A router captured on both of its links → lifelines, journeys and tables, held against what its hosts' own commands printed.

use etherparse::PacketBuilder;
use packet_theater::capture::{FileSource, LinkType, PcapWriter, Source};
use packet_theater::conversation::Known;
use packet_theater::conversation::hosts::{EVERYONE, Host, HostTables, Line, MAX_LANES};
use packet_theater::engine::{ALL, Engine, Request, Response, Row, Stage, Tables};
use packet_theater::scene::{self, Draw, Head, Shape, Words, measure};

/// The hosts of `record_routed.sh` by the letters that its samples bear, with all their addresses.
const HOSTS: [(&str, &[&str]); 3] = [("c", &["10.0.1.2"]), ("r", &["10.0.1.1", "10.0.2.1"]), ("s", &["10.0.2.2"])];

fn golden(name: &str) -> String {
    format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn opened(name: &str) -> Engine<FileSource> {
    let source = FileSource::open(std::path::Path::new(&golden(name))).expect("the golden is there");
    let mut engine = Engine::open(source, name).expect("it is a capture");
    while engine.is_opening() {
        engine.advance(u64::MAX).expect("it can be read");
    }
    engine
}

fn all<S: Source>(engine: &mut Engine<S>) -> (Stage, Vec<Row>) {
    let Response::Stage(stage) = engine.answer(&Request::Stage { conversation: ALL }) else { panic!("no stage") };
    let ask = Request::Rows { conversation: ALL, start: 0, count: stage.rows.min(2_000) };
    let Response::Rows { rows, .. } = engine.answer(&ask) else { panic!("no rows") };
    (stage, rows)
}

fn tables<S: Source>(engine: &mut Engine<S>, conversation: u32, rows: u32) -> Tables {
    match engine.answer(&Request::Tables { conversation, rows }) {
        Response::Tables(tables) => tables,
        other => panic!("no tables: {other:?}"),
    }
}

#[test]
fn a_router_seen_on_both_links_is_one_host_between_its_neighbours() {
    let (stage, rows) = all(&mut opened("routed.pcapng"));
    let hosts: Vec<(Vec<&str>, usize, Vec<&str>)> = stage
        .hosts
        .iter()
        .map(|host| {
            let roles = host.roles.iter().map(|role| role.key.as_str()).collect();
            (host.addresses.iter().map(String::as_str).collect(), host.links.len(), roles)
        })
        .collect();
    assert_eq!(
        hosts,
        [
            (vec!["10.0.1.2"], 1, vec!["client"]),
            (vec!["10.0.1.1", "10.0.2.1"], 2, vec!["gateway"]),
            (vec!["10.0.2.2"], 1, vec!["server"]),
        ]
    );
    assert!(stage.hosts[1].roles.iter().all(|role| matches!(role.known, Known::Inferred { .. })));
    let drawn = |frame: usize| (rows[frame - 1].from, rows[frame - 1].to);
    assert_eq!((drawn(1), drawn(2)), ((0, EVERYONE), (1, 0)), "ARP speaks from the hardware");
    assert_eq!((drawn(3), drawn(6)), ((0, 1), (1, 2)), "the first echo request, on each link");
    assert_eq!((drawn(7), drawn(8)), ((2, 1), (1, 0)), "and its reply");
    assert_eq!((drawn(13), drawn(14)), ((0, 1), (1, 0)), "what the router refuses never reaches the server");
    let hop = |frame: usize| rows[frame - 1].hop.clone().expect("it is IP");
    assert_eq!((hop(3).after, hop(6).before, hop(3).ttl, hop(6).ttl), (Some(5), Some(2), 64, 63));
    assert_eq!(hop(6).macs, [Some("02:00:00:00:02:01".into()), Some("02:00:00:00:02:02".into())]);
    assert_eq!((hop(13).after, hop(13).before), (None, None));
    let joined = rows.iter().filter(|row| row.hop.as_ref().is_some_and(|hop| hop.before.is_some())).count();
    let twice = rows.iter().filter(|row| row.hop.as_ref().is_some_and(|hop| hop.ttl == 63)).count();
    assert_eq!(joined, twice, "every forwarded packet is the second half of a journey");
}

#[test]
fn a_translated_packet_is_one_journey_and_says_what_was_changed() {
    let (stage, rows) = all(&mut opened("masqueraded.pcapng"));
    assert!(stage.hosts[1].roles.iter().any(|role| role.key == "translator"), "{:?}", stage.hosts[1]);
    let changed: Vec<&(String, String)> =
        rows.iter().filter_map(|row| row.hop.as_ref()).flat_map(|hop| &hop.changed).collect();
    assert!(changed.iter().any(|(before, after)| before == "10.0.1.2" && after == "10.0.2.1"), "{changed:?}");
    assert!(
        changed.iter().any(|(before, after)| before.starts_with("10.0.1.2:") && after.starts_with("10.0.2.1:")),
        "{changed:?}"
    );
    let open = rows.iter().filter(|row| row.hop.as_ref().is_some_and(|hop| hop.ttl == 63 && hop.before.is_none()));
    assert_eq!(open.count(), 0);
}

/// Each sample of a `.tables` file: nanoseconds, host, command, lines.
fn samples(name: &str) -> Vec<(i64, String, String, Vec<String>)> {
    let text = std::fs::read_to_string(golden(name)).expect("the samples are there");
    text.split("# ")
        .skip(1)
        .map(|sample| {
            let mut lines = sample.lines();
            let mut head = lines.next().expect("a sample has a head").splitn(3, ' ');
            let mut next = || head.next().expect("time, host, command").to_owned();
            (next().parse().expect("a time"), next(), next(), lines.map(str::to_owned).collect())
        })
        .collect()
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

/// The tables of a host at a time.
fn of_host<S: Source>(engine: &mut Engine<S>, rows: &[Row], time: i64, host: &str) -> HostTables {
    let passed = rows.iter().take_while(|row| row.time <= time).count() as u32;
    let (_, addresses) = HOSTS.iter().find(|(letter, _)| *letter == host).expect("a host of the recording");
    let tables = tables(engine, ALL, passed);
    tables.hosts.into_iter().find(|tables| addresses.contains(&tables.name.as_str())).unwrap_or_default()
}

#[test]
fn tables_are_those_that_the_hosts_printed() {
    for name in ["routed", "masqueraded"] {
        let mut engine = opened(&format!("{name}.pcapng"));
        let (_, rows) = all(&mut engine);
        let (mut neighbours, mut sockets, mut paths) = (0, 0, 0);
        for (time, host, command, lines) in samples(&format!("{name}.tables")) {
            let told = of_host(&mut engine, &rows, time, &host);
            match command.as_str() {
                "arp -n" => {
                    let mut real: Vec<Vec<&str>> =
                        lines.iter().skip(1).map(|line| words(line).into_iter().take(4).collect()).collect();
                    let mut ours: Vec<Vec<&str>> = told.neighbours.iter().map(|line| words(&line.text)).collect();
                    real.sort();
                    ours.sort();
                    assert_eq!(ours, real, "{name}: neighbours of {host} at {time}");
                    neighbours += real.len();
                }
                "ip route" => {
                    // A route that packets show is one that the host has, be it a wider one.
                    for line in &told.routes {
                        let line = words(&line.text);
                        let via = line.iter().skip_while(|word| **word != "via").nth(1);
                        let has = match via {
                            Some(via) => lines.iter().any(|real| words(real).contains(via)),
                            None => lines.iter().any(|real| {
                                let net = line[0].rsplit_once('.').expect("an address").0;
                                real.starts_with(net) && real.contains("scope link")
                            }),
                        };
                        assert!(has, "{name}: {host} at {time} has no {line:?}: {lines:?}");
                    }
                }
                "ss -tanH" => {
                    let real: Vec<Vec<&str>> = lines.iter().map(|line| words(line)).collect();
                    let mut of_ours = 0;
                    for line in &told.sockets {
                        let line = words(&line.text);
                        let same = |real: &Vec<&str>| real[0] == line[0] && real[3..5] == line[1..3];
                        assert!(real.iter().any(same), "{name}: {host} at {time} has no {line:?}: {lines:?}");
                        of_ours += 1;
                    }
                    let connections = real.iter().filter(|line| line[0] != "LISTEN").count();
                    assert_eq!(of_ours, connections, "{name}: sockets of {host} at {time}: {lines:?}");
                    sockets += connections;
                }
                _ => {
                    let mtu = words(&lines[1]);
                    let narrow = mtu.iter().skip_while(|word| **word != "mtu").nth(1).copied();
                    let ours: Vec<&Line> =
                        told.paths.iter().filter(|line| line.text.starts_with("10.0.2.2 ")).collect();
                    assert_eq!(ours.len(), 1, "{name}: {command} on {host}: {lines:?}");
                    assert_eq!(words(&ours[0].text).last().copied(), narrow);
                    paths += 1;
                }
            }
        }
        assert!(neighbours >= 12 && sockets >= 4 && paths == 1, "{name}: {neighbours} {sockets} {paths}");
        println!("{name}: {neighbours} neighbour entries, {sockets} sockets, {paths} path MTU agree");
    }
}

/// Heads as the page writes them, in English.
fn heads(stage: &Stage) -> Vec<Head> {
    let head = |host: &Host| {
        let roles: Vec<&str> = host.roles.iter().map(|role| role.key.as_str()).collect();
        let address = host.addresses.first().or(host.macs.first()).cloned().unwrap_or_default();
        match host.gathered {
            0 => Head { address, role: roles.join(", "), ..Head::default() },
            count => Head { name: format!("{count} others"), ..Head::default() },
        }
    };
    stage.hosts.iter().map(head).collect()
}

fn drawn(name: &str, position: f64, (width, height): (f32, f32), text: f32) -> (Vec<Draw>, Vec<Draw>) {
    let (stage, rows) = all(&mut opened(name));
    let heads = heads(&stage);
    let row = (position.ceil() - 1.0).max(0.0) as usize;
    let ladder = scene::Ladder { heads: &heads, stage: &stage, rows: &rows };
    let look = scene::View { selected: Some(row as u32), text, ..scene::View::new(width, height) };
    let look = scene::View { top: scene::top_for(&ladder, &look, position), ..look };
    let on = rows.get(row).map(|row| [row.from, row.to]).unwrap_or_default();
    let mut draws = scene::ladder(&ladder, &look, position, &Words::ENGLISH);
    draws.extend(scene::moving(&ladder, &look, position));
    let small = scene::View { text, ..scene::View::new(330.0, 300.0) };
    (draws, scene::topology(&stage.hosts, &heads, (None, &on), &small, &Words::ENGLISH))
}

#[test]
fn scenes_are_as_they_were() {
    let mut text = String::new();
    for (name, position) in [("routed.pcapng", 6.0), ("routed.pcapng", 0.5), ("masqueraded.pcapng", 19.0)] {
        let (ladder, sketch) = drawn(name, position, (700.0, 420.0), 1.0);
        for (what, draws) in [("ladder", ladder), ("sketch", sketch)] {
            text += &format!("{what} of {name} at {position}\n");
            draws.iter().for_each(|draw| text += &format!("{draw}\n"));
        }
    }
    let path = golden("hosts.scene");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(&path, &text).expect("the golden can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "hosts.scene differs; look at it, then UPDATE_GOLDENS=1 rewrites it:\n{text}");
}

#[test]
fn no_two_texts_overlap_and_every_text_is_large_enough() {
    for (name, text) in [("routed.pcapng", 1.0), ("masqueraded.pcapng", 1.0), ("routed.pcapng", 1.67)] {
        for position in [0.0, 2.5, 6.0, 17.0, 33.0] {
            let (ladder, sketch) = drawn(name, position, (640.0, 420.0), text);
            for draws in [ladder, sketch] {
                let texts: Vec<&Draw> = draws.iter().filter(|draw| matches!(draw.shape, Shape::Text { .. })).collect();
                for (at, one) in texts.iter().enumerate() {
                    let Shape::Text { size, .. } = one.shape else { continue };
                    assert!(size >= 12.0 * text, "{one}");
                    for two in &texts[..at] {
                        let corners = [one, two].map(|draw| measure::text_corners(draw).expect("a text"));
                        assert!(!measure::overlap(&corners[0], &corners[1]), "{name} at {position}: {one} and {two}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_table_is_the_same_however_one_comes_there() {
    let mut engine = opened("routed.pcapng");
    let forwards: Vec<Tables> = (0..=38).map(|rows| tables(&mut engine, ALL, rows)).collect();
    for rows in (0..=38).rev() {
        assert_eq!(tables(&mut engine, ALL, rows), forwards[rows as usize], "after {rows} rows");
    }
    assert!(forwards[0].hosts.iter().all(|host| host.neighbours.is_empty() && host.sockets.is_empty()));
    let waiting = &forwards[1].hosts[0].neighbours;
    assert_eq!(waiting[0].text, "10.0.1.1  (incomplete)");
}

/// Every golden, cut and with bytes changed, has hosts, rows and tables, or says why not.
#[test]
fn no_bytes_make_it_panic() {
    let mut asked = 0;
    for file in std::fs::read_dir(golden("")).expect("the goldens").flatten() {
        let path = file.path();
        if !path.extension().is_some_and(|end| end == "pcap" || end == "pcapng") {
            continue;
        }
        let whole = std::fs::read(&path).expect("it can be read");
        for damage in 0..3_usize {
            let mut bytes = whole.clone();
            bytes.truncate(whole.len() - whole.len() / 7 * damage);
            for at in (40..bytes.len()).step_by(97).filter(|_| damage > 0) {
                bytes[at] = bytes[at].wrapping_mul(31).wrapping_add(damage as u8);
            }
            let Ok(mut engine) = Engine::open(&bytes[..], "damaged") else { continue };
            while engine.is_opening() && engine.advance(u64::MAX).is_ok() {}
            let Response::Stage(stage) = engine.answer(&Request::Stage { conversation: ALL }) else { continue };
            assert!(stage.hosts.len() <= MAX_LANES + 1, "{}", path.display());
            let count = stage.rows.min(300);
            let answer = engine.answer(&Request::Rows { conversation: ALL, start: stage.rows - count, count });
            let Response::Rows { rows, .. } = answer else { panic!("{}: {answer:?}", path.display()) };
            let lanes = stage.hosts.len() as u8;
            assert!(
                rows.iter().all(|row| row.from < lanes.max(1) && (row.to < lanes.max(1) || row.to == EVERYONE)),
                "{}",
                path.display()
            );
            tables(&mut engine, ALL, u32::MAX);
            engine.answer(&Request::Tables { conversation: 0, rows: 1 });
            asked += rows.len();
        }
    }
    assert!(asked > 1_000, "{asked}");
}

#[test]
fn the_talkative_get_lifelines_and_the_others_share_one() {
    let mut packets = PcapWriter::new(Vec::new(), LinkType::ETHERNET).expect("a header");
    for host in 0..40_u8 {
        for packet in 0..=host {
            let builder = PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 1, host])
                .ipv4([10, 0, 1, host], [10, 0, 0, 1], 64)
                .udp(5000, u16::from(packet) + 6000);
            let mut bytes = Vec::new();
            builder.write(&mut bytes, b"x").expect("it fits");
            let time = 1_000 * i64::from(host) + i64::from(packet);
            packets.packet(time, bytes.len() as u32, &bytes).expect("it is written");
        }
    }
    let bytes = packets.finish().expect("it is written");
    let mut engine = Engine::open(&bytes[..], "many").expect("a capture");
    while engine.is_opening() {
        engine.advance(u64::MAX).expect("it can be read");
    }
    let (stage, rows) = all(&mut engine);
    assert_eq!(stage.hosts.len(), MAX_LANES + 1);
    let others = &stage.hosts[MAX_LANES];
    assert_eq!(others.gathered, 41 - MAX_LANES as u32);
    assert!(rows.iter().any(|row| usize::from(row.from) == MAX_LANES), "somebody of the others speaks");
    assert!(stage.hosts.iter().any(|host| host.addresses == ["10.0.0.1"]), "who hears all has a lifeline");
}
