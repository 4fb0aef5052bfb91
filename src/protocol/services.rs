//! A port → the service that IANA registered for it (Service Name and Transport Protocol Port Number Registry).

/// `PORT NAME` or `PORT/TRANSPORT NAME` a line, by port: the well-known ports in common use and the registered ones one meets.
const REGISTRY: &str = include_str!("services.txt");

/// The name for `tcp` or `udp`; empty where the list has none.
pub fn service(transport: &str, port: u16) -> &'static str {
    let name = REGISTRY.lines().filter_map(|line| line.split_once(' ')).find(|(place, _)| {
        let (number, only) = place.split_once('/').unwrap_or((place, transport));
        only == transport && number.parse() == Ok(port)
    });
    name.map_or("", |(_, name)| name)
}

/// Of a packet's two ports, the one that names what is said, with its name: the lower one where both do.
pub fn spoken(transport: &str, ports: (u16, u16)) -> Option<(u16, &'static str)> {
    let named = |port| Some((port, service(transport, port))).filter(|(_, name)| !name.is_empty());
    named(ports.0.min(ports.1)).or_else(|| named(ports.0.max(ports.1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_says_each_port_once() {
        let places: Vec<(u16, &str)> = REGISTRY
            .lines()
            .map(|line| {
                let (place, name) = line.split_once(' ').expect("a port and a name");
                let (number, transport) = place.split_once('/').unwrap_or((place, ""));
                assert!(!name.is_empty() && ["", "tcp", "udp"].contains(&transport), "{line}");
                (number.parse().expect("a port"), transport)
            })
            .collect();
        assert!(places.is_sorted_by(|a, b| a.0 < b.0 || a.0 == b.0 && !a.1.is_empty() && a.1 < b.1), "{places:?}");
    }

    #[test]
    fn a_port_may_mean_something_else_over_udp() {
        assert_eq!(["tcp", "udp"].map(|transport| service(transport, 514)), ["shell", "syslog"]);
        assert_eq!(["tcp", "udp"].map(|transport| service(transport, 443)), ["https"; 2]);
        assert_eq!((service("tcp", 0), service("tcp", 65535)), ("", ""));
        assert_eq!(spoken("tcp", (50990, 443)), Some((443, "https")));
        assert_eq!(spoken("udp", (51000, 51001)), None);
    }
}
