//! The options of a DHCPv6 message → one group each: kind, length, and its values (RFC 8415 §21 and those that name others).

use super::date;
use super::dhcpv6_values::{self, OPTIONS, Value};
use super::dns_name;
use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::{Header, colons};
use super::names::HARDWARE;

const SPEC: &str = "RFC 8415 §21.1";

static GROUP: Field = field("dhcpv6.option.type_str", "Option", COMPUTED, Show::Text, SPEC);
static TYPE: Field = field("dhcpv6.option.type", "Option code", COMPUTED, Show::Dec, SPEC);
static LENGTH: Field = field("dhcpv6.option.length", "Length", COMPUTED, Show::Dec, SPEC);

static DUID: Field = field("dhcpv6.duid.bytes", "DUID", COMPUTED, Show::Bytes, "RFC 8415 §11.1");
static DUID_TYPE: Field = field("dhcpv6.duid.type", "DUID type", COMPUTED, Show::Dec, "RFC 8415 §11.1").words(DUIDS);
static LLT: [Field; 2] = [
    field("dhcpv6.duidllt.hwtype", "Hardware type", COMPUTED, Show::Dec, "RFC 8415 §11.2").words(HARDWARE),
    field("dhcpv6.duidllt.link_layer_addr", "Link-layer address", COMPUTED, Show::Text, "RFC 8415 §11.2"),
];
static LLT_TIME: Field = field("dhcpv6.duidllt.time", "DUID time", COMPUTED, Show::Text, "RFC 8415 §11.2");
static LL: [Field; 2] = [
    field("dhcpv6.duidll.hwtype", "Hardware type", COMPUTED, Show::Dec, "RFC 8415 §11.4").words(HARDWARE),
    field("dhcpv6.duidll.link_layer_addr", "Link-layer address", COMPUTED, Show::Text, "RFC 8415 §11.4"),
];
static VENDOR: Field = field("dhcpv6.duiden.enterprise", "Enterprise number", COMPUTED, Show::Dec, "RFC 8415 §11.3");
static VENDOR_ID: Field = field("dhcpv6.duiden.identifier", "Identifier", COMPUTED, Show::Bytes, "RFC 8415 §11.3");
static UUID: Field = field("dhcpv6.duiduuid.bytes", "UUID", COMPUTED, Show::Bytes, "RFC 6355 §4");

static ASSOCIATION: Field = field("dhcpv6.iaid", "Association ID", COMPUTED, Show::Text, "RFC 8415 §21.4");
static TEMPORARY: Field = field("dhcpv6.iata", "Association ID", COMPUTED, Show::Text, "RFC 8415 §21.5");
/// The rows count from the option's value.
static TIMES: [Field; 2] = [
    field("dhcpv6.iaid.t1", "Renewal time T1 (s)", bits(32, 32), Show::Dec, "RFC 8415 §21.4"),
    field("dhcpv6.iaid.t2", "Rebinding time T2 (s)", bits(64, 32), Show::Dec, "RFC 8415 §21.4"),
];
static ADDRESS: [Field; 3] = [
    field("dhcpv6.iaaddr.ip", "Address", bits(0, 128), Show::Ipv6, "RFC 8415 §21.6"),
    field("dhcpv6.iaaddr.pref_lifetime", "Preferred lifetime (s)", bits(128, 32), Show::Dec, "RFC 8415 §21.6"),
    field("dhcpv6.iaaddr.valid_lifetime", "Valid lifetime (s)", bits(160, 32), Show::Dec, "RFC 8415 §21.6"),
];
static PREFIX: [Field; 4] = [
    field("dhcpv6.iaprefix.pref_lifetime", "Preferred lifetime (s)", bits(0, 32), Show::Dec, "RFC 8415 §21.22"),
    field("dhcpv6.iaprefix.valid_lifetime", "Valid lifetime (s)", bits(32, 32), Show::Dec, "RFC 8415 §21.22"),
    field("dhcpv6.iaprefix.pref_len", "Prefix length", bits(64, 8), Show::Dec, "RFC 8415 §21.22"),
    field("dhcpv6.iaprefix.pref_addr", "Prefix", bits(72, 128), Show::Ipv6, "RFC 8415 §21.22"),
];
static STATUS: Field =
    field("dhcpv6.status_code", "Status code", COMPUTED, Show::Dec, "RFC 8415 §21.13").words(STATUSES);
static STATUS_TEXT: Field = field("dhcpv6.status_msg", "Message", COMPUTED, Show::Text, "RFC 8415 §21.13");
static CLASS_LENGTH: Field = field("dhcpv6.userclass.length", "Length", COMPUTED, Show::Dec, "RFC 8415 §21.15");
static CLASS: Field = field("dhcpv6.userclass.opaque_data", "Class", COMPUTED, Show::Bytes, "RFC 8415 §21.15");
static VENDOR_CLASS: Field =
    field("dhcpv6.vendorclass.enterprise", "Enterprise number", COMPUTED, Show::Dec, "RFC 8415 §21.16");
static VENDOR_CLASS_DATA: Field =
    field("dhcpv6.vendorclass.data", "Vendor class", COMPUTED, Show::Text, "RFC 8415 §21.16");
static VENDOR_OPTIONS: [Field; 4] = [
    field("dhcpv6.vendoropts.enterprise", "Enterprise number", COMPUTED, Show::Dec, "RFC 8415 §21.17"),
    field("dhcpv6.vendoropts.enterprise.option_code", "Option code", COMPUTED, Show::Dec, "RFC 8415 §21.17"),
    field("dhcpv6.vendoropts.enterprise.option_length", "Length", COMPUTED, Show::Dec, "RFC 8415 §21.17"),
    field("dhcpv6.vendoropts.enterprise.option_data", "Data", COMPUTED, Show::Bytes, "RFC 8415 §21.17"),
];
static FQDN_FLAGS: Field = field("dhcpv6.client_fqdn_flags", "Flags", COMPUTED, Show::Hex(2), "RFC 4704 §4.1");
static FQDN_CLIENT: [Field; 2] = [
    field("dhcpv6.clientfqdn.client.n", "No update wanted", bits(5, 1), Show::Flag, "RFC 4704 §4.1"),
    field("dhcpv6.clientfqdn.client.s", "Server shall update", bits(7, 1), Show::Flag, "RFC 4704 §4.1"),
];
static FQDN_SERVER: [Field; 3] = [
    field("dhcpv6.clientfqdn.server.n", "No update by the server", bits(5, 1), Show::Flag, "RFC 4704 §4.1"),
    field("dhcpv6.clientfqdn.server.o", "Server overrides", bits(6, 1), Show::Flag, "RFC 4704 §4.1"),
    field("dhcpv6.clientfqdn.server.s", "Server updates", bits(7, 1), Show::Flag, "RFC 4704 §4.1"),
];
static NTP: [Field; 2] = [
    field("dhcpv6.ntpserver.option.type", "Suboption", bits(0, 16), Show::Dec, "RFC 5908 §4"),
    field("dhcpv6.ntpserver.option.length", "Length", bits(16, 16), Show::Dec, "RFC 5908 §4"),
];
static NTP_ADDRESS: Field = field("dhcpv6.ntpserver.addr", "NTP server", COMPUTED, Show::Ipv6, "RFC 5908 §4.1");
static NTP_GROUP: Field = field("dhcpv6.ntpserver.mc_addr", "NTP group", COMPUTED, Show::Ipv6, "RFC 5908 §4.2");
static NTP_NAME: Field = field("dhcpv6.ntpserver.fqdn", "NTP server's name", COMPUTED, Show::Text, "RFC 5908 §4.3");
/// Options that hold names in DNS' form.
static NAMES: [(u16, Field); 8] = [
    (21, field("dhcpv6.sip_server_domain_search_fqdn", "SIP server", COMPUTED, Show::Text, "RFC 3319 §3.1")),
    (24, field("dhcpv6.search_list_entry", "Search domain", COMPUTED, Show::Text, "RFC 3646 §4")),
    (29, field("dhcpv6.nis_fqdn", "NIS domain", COMPUTED, Show::Text, "RFC 3898 §5")),
    (30, field("dhcpv6.nisp_fqdn", "NIS+ domain", COMPUTED, Show::Text, "RFC 3898 §6")),
    (33, field("dhcpv6.bcmcs_server_fqdn", "BCMCS server", COMPUTED, Show::Text, "RFC 4280 §4.3")),
    (39, field("dhcpv6.client_domain", "Client's name", COMPUTED, Show::Text, "RFC 4704 §4.2")),
    (56, field("dhcpv6.ntpserver.fqdn", "NTP server's name", COMPUTED, Show::Text, "RFC 5908 §4.3")),
    (64, field("dhcpv6.aftr_name", "AFTR name", COMPUTED, Show::Text, "RFC 6334 §3")),
];

const DUIDS: Words =
    words![(1, "link-layer address plus time"), (2, "by enterprise number"), (3, "link-layer address"), (4, "UUID")];
const STATUSES: Words = words![
    (0, "Success"),
    (1, "unspecified failure"),
    (2, "no addresses available"),
    (3, "no binding"),
    (4, "not on this link"),
    (5, "use multicast"),
    (6, "no prefixes available"),
];
const SECONDS_TO_2000: i64 = 946_684_800;
/// Options inside options: an association holds an address, and that a status.
const MAX_NESTING: u8 = 24;
/// Messages that a client sends; the flags of a name mean something else in those of a server.
const FROM_CLIENT: [u64; 5] = [1, 3, 5, 6, 11];

/// Where relayed messages begin and end.
type Relayed = Vec<(usize, usize)>;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let single = [
        &GROUP,
        &TYPE,
        &LENGTH,
        &DUID,
        &DUID_TYPE,
        &LLT_TIME,
        &VENDOR,
        &VENDOR_ID,
        &UUID,
        &ASSOCIATION,
        &TEMPORARY,
        &STATUS,
        &STATUS_TEXT,
        &CLASS_LENGTH,
        &CLASS,
        &VENDOR_CLASS,
        &VENDOR_CLASS_DATA,
        &FQDN_FLAGS,
        &NTP_ADDRESS,
        &NTP_GROUP,
        &NTP_NAME,
    ];
    let tables = LLT.iter().chain(&LL).chain(&TIMES).chain(&ADDRESS).chain(&PREFIX).chain(&VENDOR_OPTIONS);
    let tables = tables.chain(&FQDN_CLIENT).chain(&FQDN_SERVER).chain(&NTP).chain(NAMES.iter().map(|(_, row)| row));
    single.into_iter().chain(tables).chain(dhcpv6_values::fields())
}

/// Reads options between two offsets; `None` where one is flawed.
pub(super) fn decode(header: &mut Header, message: u64, from: usize, to: usize, depth: u8) -> Option<Relayed> {
    let (mut at, mut relayed) = (from, Relayed::new());
    while at < to {
        let head = header.u16(at).zip(header.u16(at + 2)).filter(|_| at + 4 <= to);
        let Some((kind, len)) = head else {
            header.cut(at, 4);
            return None;
        };
        let len = usize::from(len);
        let there = len.min(header.rest(at + 4).len()).min(to - at - 4);
        let name = OPTIONS.get(kind.into()).map(str::to_owned).unwrap_or_else(|| format!("DHCP option {kind}"));
        header.put(&GROUP, bits(at as u32 * 8, (4 + there) as u32 * 8), name, String::new(), depth);
        header.at(&TYPE, at, 2, depth + 1)?;
        header.at(&LENGTH, at + 2, 2, depth + 1)?;
        if there < len {
            header.claims(&LENGTH, at + 4, len);
            if header.stop.is_none() {
                header.refuse(&LENGTH, at + 2, "The option is longer than what it lies in.");
            }
            return None;
        }
        let option = Carrier { message, kind, at: at + 4, end: at + 4 + len, depth: depth + 1 };
        relayed.extend(option.value(header));
        at += 4 + len;
    }
    Some(relayed)
}

/// An option's value: between which offsets it lies.
struct Carrier {
    message: u64,
    kind: u16,
    at: usize,
    end: usize,
    depth: u8,
}

impl Carrier {
    fn value(&self, header: &mut Header) -> Relayed {
        let (at, len, depth) = (self.at, self.end - self.at, self.depth);
        match (self.kind, len) {
            (1 | 2 | 53, 2..) => drop(self.duid(header)),
            (3 | 25, 12..) => drop(self.association(header, &ASSOCIATION, &TIMES, 12)),
            (4, 4..) => drop(self.association(header, &TEMPORARY, &[], 4)),
            (5, 24..) => return self.group(header, &ADDRESS, 24).unwrap_or_default(),
            (26, 25..) => return self.group(header, &PREFIX, 25).unwrap_or_default(),
            (9, _) => return vec![(at, self.end)],
            (13, 2..) => {
                header.at(&STATUS, at, 2, depth);
                if len > 2 {
                    header.text(&STATUS_TEXT, at + 2, len - 2, depth);
                }
            }
            (15, _) => drop(self.classes(header)),
            (16, 4..) => drop(self.vendor_classes(header)),
            (17, 4..) => drop(self.vendor_options(header)),
            (39, 1..) => drop(self.client_name(header)),
            (56, _) => drop(self.ntp(header)),
            _ => match NAMES.iter().find(|(code, _)| *code == self.kind) {
                Some((_, row)) => drop(names(header, row, at, self.end, depth)),
                None => self.plain(header),
            },
        }
        Relayed::new()
    }

    /// A value, or a list of them.
    fn plain(&self, header: &mut Header) {
        let Some(Value { row, .. }) = dhcpv6_values::of(self.kind) else { return };
        let (unit, len) = (row.bits.len as usize / 8, self.end - self.at);
        match (row.show, unit) {
            _ if len == 0 => {}
            (Show::Text, _) => drop(header.text(row, self.at, len, self.depth)),
            (_, 0) => drop(header.at(row, self.at, len, self.depth)),
            _ if len.is_multiple_of(unit) => {
                for place in (self.at..self.end).step_by(unit) {
                    header.at(row, place, unit, self.depth);
                }
            }
            _ => header.refuse(&LENGTH, self.at, format!("{}: a value of {len} bytes has the wrong size.", row.key)),
        }
    }

    fn group(&self, header: &mut Header, rows: &'static [Field], size: usize) -> Option<Relayed> {
        for row in rows {
            header.within(row, self.at, self.depth)?;
        }
        if self.depth >= MAX_NESTING {
            return None;
        }
        decode(header, self.message, self.at + size, self.end, self.depth)
    }

    fn association(
        &self,
        header: &mut Header,
        id: &'static Field,
        rows: &'static [Field],
        size: usize,
    ) -> Option<Relayed> {
        let number = format!("{:08x}", header.u32(self.at)?);
        header.put(id, bits(self.at as u32 * 8, 32), number, String::new(), self.depth);
        self.group(header, rows, size)
    }

    fn duid(&self, header: &mut Header) -> Option<()> {
        let (at, len, depth) = (self.at, self.end - self.at, self.depth);
        header.at(&DUID, at, len, depth)?;
        match (header.at(&DUID_TYPE, at, 2, depth)?, len) {
            (1, 9..) => {
                header.at(&LLT[0], at + 2, 2, depth)?;
                let time = date::unix(i64::from(header.u32(at + 4)?) + SECONDS_TO_2000, 0);
                header.put(&LLT_TIME, bits((at as u32 + 4) * 8, 32), time, String::new(), depth);
                address(header, &LLT[1], at + 8, self.end, depth)?;
            }
            (2, 7..) => {
                header.at(&VENDOR, at + 2, 4, depth)?;
                header.at(&VENDOR_ID, at + 6, len - 6, depth)?;
            }
            (3, 5..) => {
                header.at(&LL[0], at + 2, 2, depth)?;
                address(header, &LL[1], at + 4, self.end, depth)?;
            }
            (4, 3..) => drop(header.at(&UUID, at + 2, len - 2, depth)?),
            _ => {}
        }
        Some(())
    }

    fn classes(&self, header: &mut Header) -> Option<()> {
        let mut at = self.at;
        while at + 2 <= self.end {
            let len = usize::from(header.u16(at)?).min(self.end - at - 2);
            header.at(&CLASS_LENGTH, at, 2, self.depth)?;
            header.at(&CLASS, at + 2, len, self.depth)?;
            at += 2 + len;
        }
        Some(())
    }

    fn vendor_classes(&self, header: &mut Header) -> Option<()> {
        header.at(&VENDOR_CLASS, self.at, 4, self.depth)?;
        let mut at = self.at + 4;
        while at + 2 <= self.end {
            let len = usize::from(header.u16(at)?).min(self.end - at - 2);
            header.text(&VENDOR_CLASS_DATA, at + 2, len, self.depth)?;
            at += 2 + len;
        }
        Some(())
    }

    fn vendor_options(&self, header: &mut Header) -> Option<()> {
        let [enterprise, code, length, data] = &VENDOR_OPTIONS;
        header.at(enterprise, self.at, 4, self.depth)?;
        let mut at = self.at + 4;
        while at + 4 <= self.end {
            let len = usize::from(header.u16(at + 2)?).min(self.end - at - 4);
            header.at(code, at, 2, self.depth + 1)?;
            header.at(length, at + 2, 2, self.depth + 1)?;
            if len > 0 {
                header.at(data, at + 4, len, self.depth + 1)?;
            }
            at += 4 + len;
        }
        Some(())
    }

    fn client_name(&self, header: &mut Header) -> Option<()> {
        header.at(&FQDN_FLAGS, self.at, 1, self.depth)?;
        let client = FROM_CLIENT.contains(&self.message);
        for row in if client { &FQDN_CLIENT[..] } else { &FQDN_SERVER[..] } {
            header.within(row, self.at, self.depth + 1)?;
        }
        let (_, row) = NAMES.iter().find(|(code, _)| *code == self.kind)?;
        names(header, row, self.at + 1, self.end, self.depth)
    }

    fn ntp(&self, header: &mut Header) -> Option<()> {
        let mut at = self.at;
        while at + 4 <= self.end {
            let (kind, len) = (header.u16(at)?, usize::from(header.u16(at + 2)?).min(self.end - at - 4));
            for row in &NTP {
                header.within(row, at, self.depth)?;
            }
            match (kind, len) {
                (1, 16) => drop(header.at(&NTP_ADDRESS, at + 4, 16, self.depth)?),
                (2, 16) => drop(header.at(&NTP_GROUP, at + 4, 16, self.depth)?),
                (3, _) => names(header, &NTP_NAME, at + 4, at + 4 + len, self.depth)?,
                _ => {}
            }
            at += 4 + len;
        }
        Some(())
    }
}

/// Names one after the other, each with a dot behind it; a last one without its end is a part of a name.
fn names(header: &mut Header, row: &'static Field, from: usize, to: usize, depth: u8) -> Option<()> {
    let (mut at, encoded) = (0, header.bytes(from, to.checked_sub(from)?)?);
    while at < encoded.len() {
        let (text, size) = match dns_name::read(encoded, at) {
            Some(name) => (name.text + ".", name.size),
            None => {
                let whole = [encoded.get(at..)?, &[0]].concat();
                let Some(name) = dns_name::read(&whole, 0) else {
                    header.refuse(row, from + at, "The name runs out of the option.");
                    return None;
                };
                (name.text, encoded.len() - at)
            }
        };
        header.put(row, bits((from + at) as u32 * 8, size as u32 * 8), text, String::new(), depth);
        at += size;
    }
    Some(())
}

fn address(header: &mut Header, row: &'static Field, at: usize, end: usize, depth: u8) -> Option<()> {
    let show = colons(header.bytes(at, end.checked_sub(at)?)?);
    header.put(row, bits(at as u32 * 8, (end - at) as u32 * 8), show, String::new(), depth);
    Some(())
}
