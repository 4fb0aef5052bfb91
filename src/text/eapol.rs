//! An 802.1X frame → `EAPOL key (3) v2, len 95`.

use super::printer::{Data, Line, Printed, say};

pub(super) fn print(line: &mut Line, data: Data<'_>) -> Printed {
    line.protocol = "eap";
    data.take(0, 4)?;
    let kind = data.u8(1)?;
    let words = ["EAP packet", "EAPOL start", "EAPOL logoff", "EAPOL key", "Encapsulated ASF alert"];
    let word = words.get(usize::from(kind)).copied().unwrap_or("unknown");
    line.body.get_or_insert(line.out.len());
    say!(line, "{word} ({kind}) v{}, len {}", data.u8(0)?, data.u16(2)?);
    Ok(())
}
