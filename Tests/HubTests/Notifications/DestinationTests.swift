import Ambient
import Hub
import OpenSSL
import TestKit
import Testing

@Suite struct `An address that a notification may go to` {
    private static let inside = [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
        "172.31.255.255", "192.168.1.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1",
        "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
        "2002:a00:1::", "2001:db8::1", "2001:0:1::1", "::127.0.0.1", "localhost", "",
    ]
    private static let outside = [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.128.0.1", "172.15.255.255", "172.32.0.1", "192.167.1.1",
        "198.20.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001:80e::200e", "::ffff:1.1.1.1",
        "64:ff9b::101:101",
    ]

    @Test func `is one of the Internet`() throws {
        let rule = try #require(DestinationRule(allowing: []))
        for address in Self.inside { #expect(rule.standing(of: address) == .refused, "\(address)") }
        for address in Self.outside { #expect(rule.standing(of: address) == .outside, "\(address)") }
    }

    @Test func `is one of a network that is allowed, in whatever clothes, and of no other`() throws {
        let rule = try #require(DestinationRule(allowing: ["10.0.0.0/8", "fd00::/8"]))
        for address in ["10.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "fd12::1"] {
            #expect(rule.standing(of: address) == .allowed, "\(address)")
        }
        for address in ["127.0.0.1", "fc00::1", "169.254.169.254"] {
            #expect(rule.standing(of: address) == .refused, "\(address)")
        }
        #expect(DestinationRule(allowing: ["10.0.0.0/33"]) == nil)
    }

    @Test func `is read out of a URL in one way only`() {
        let url = WebhookURL("https://Hooks.Example.com/a?b=c")
        #expect(url?.host == "hooks.example.com" && url?.port == 443)
        #expect(url?.text == "https://hooks.example.com:443/a?b=c")
        #expect(WebhookURL("http://[2606:4700::1111]:8080")?.host == "2606:4700::1111")
        for text in [
            "https://a@b/", "https://a\\@b/", "https://a#b", "https:///x", "https://a:0/", "https://a:65536/",
            "https://a b/", "ftp://a/", "https://a/\n", "https://é/", "https://a%2eb/",
        ] {
            #expect(WebhookURL(text) == nil, "\(text)")
        }
    }

    @Test func `gets a signature that a receiver can make out of what it got`() {
        let body = Array(#"{"version":1}"#.utf8)
        let signature = WebhookSignature(
            of: body,
            with: Array("secret".utf8),
            at: Instant(milliseconds: 1_795_000_000_999)
        )
        #expect(signature.timestamp == "1795000000")
        // printf '1795000000.{"version":1}' | openssl dgst -sha256 -hmac secret
        #expect(signature.text == "v1=3a1c0e21bd13184171441aee0e7708c696e2c5dbf00d16ad900b913302aaa4e3")
    }
}
