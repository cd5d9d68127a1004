//! Where requests may go: public addresses only, unless `FORGE_HTTP_ALLOW_PRIVATE` is 1 (stdlib 13.2).
//!
//! Names are judged where a connection is made, by the addresses it will really go to: a name that changes its address
//! after it was looked at gains nothing.

use reqwest::dns::Addrs;
use reqwest::dns::Name;
use reqwest::dns::Resolve;
use reqwest::dns::Resolving;
use std::error::Error;
use std::fmt;
use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;
use url::Host;
use url::Url;

/// A target that is refused.
#[derive(Clone, Debug)]
pub(super) struct Refused(pub(super) String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Refused {}

/// Looks names up; with `is_open`, whatever their addresses are.
pub(super) struct Resolver {
    pub(super) is_open: bool,
    /// Hosts that the person who started the process has chosen: its proxies.
    pub(super) trusted: Vec<String>,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let is_open = self.is_open || self.trusted.iter().any(|host| host == name.as_str());
        Box::pin(async move {
            match is_open {
                true => {
                    let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
                    Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
                }
                false => Ok(Box::new(look_up(name.as_str()).await?.into_iter()) as Addrs),
            }
        })
    }
}

/// The addresses of a name.
///
/// # Errors
/// When it has none, or a private one.
pub(super) async fn look_up(host: &str) -> Result<Vec<SocketAddr>, Refused> {
    let found = tokio::net::lookup_host((host, 0))
        .await
        .map_err(|error| Refused(format!("dns resolution failed for '{host}': {error}")))?;
    let found: Vec<SocketAddr> = found.collect();
    match found.iter().any(|address| is_private(address.ip())) {
        true => Err(Refused(format!(
            "url host '{host}' resolves to a private/loopback address (set FORGE_HTTP_ALLOW_PRIVATE=1 to allow)"
        ))),
        false => Ok(found),
    }
}

/// The URL that `text` says, if a request may go there at all.
pub(super) fn parse(text: &str, allows_private: bool) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("invalid url '{text}': {error}"))?;
    check(&url, allows_private)?;
    Ok(url)
}

/// Judges a URL by what it says; names are judged when they are looked up.
pub(super) fn check(url: &Url, allows_private: bool) -> Result<(), String> {
    if !matches!(url.scheme(), "http" | "https") {
        let scheme = url.scheme();
        return Err(format!("unsupported url scheme '{scheme}': only http/https allowed"));
    }
    let address: IpAddr = match url.host() {
        None => return Err(format!("url '{url}' has no host")),
        Some(Host::Domain(_)) => return Ok(()),
        Some(Host::Ipv4(address)) => address.into(),
        Some(Host::Ipv6(address)) => address.into(),
    };
    match !allows_private && is_private(address) {
        true => Err(format!(
            "url host '{address}' is a private/loopback address (set FORGE_HTTP_ALLOW_PRIVATE=1 to allow)"
        )),
        false => Ok(()),
    }
}

/// Whether an address is not one of the public internet.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b))
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_private_v4(inner);
    }
    let [first, second, ..] = address.segments();
    address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || (first & 0xfe00) == 0xfc00
        || (first & 0xffc0) == 0xfe80
        // Those that stand for an IPv4 address, whichever that is.
        || (first == 0x64 && second == 0xff9b)
        || first == 0x2002
        || address.to_ipv4().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses_are_allowed_and_no_others() {
        let private = [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "224.0.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "255.255.255.255",
            "240.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.8",
            "198.18.0.1",
            "198.19.255.255",
            "::1",
            "::",
            "ff02::1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "febf::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "::127.0.0.1",
        ];
        let public = [
            "1.1.1.1",
            "8.8.8.8",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
        ];
        for text in private {
            assert!(is_private(text.parse().unwrap()), "{text}");
        }
        for text in public {
            assert!(!is_private(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn odd_spellings_of_an_address_are_that_address() {
        for text in
            ["http://2130706433/", "http://0x7f.1/", "http://017700000001", "http://[::1]:80"]
        {
            let refused = parse(text, false).unwrap_err();
            assert!(refused.contains("is a private/loopback address"), "{text}: {refused}");
            assert!(parse(text, true).is_ok());
        }
    }
}
