package dev.sluice.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks in CIDR notation, and addresses that nobody has to look up. */
class NetworkTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.2, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "192.0.2.128/25, 192.0.2.127, false",
    "192.0.2.128/25, 192.0.2.200, true",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.6, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, ::1, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "::/0, 127.0.0.1, false",
    "127.0.0.0/8, ::ffff:127.0.0.1, true"
  })
  void networkHoldsWhatSharesItsPrefix(String network, String address, boolean held) {
    InetAddress parsed = IpText.parse(address);
    assertThat(Network.parse(network).contains(parsed)).isEqualTo(held);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0/8", "example.com/8", "/8"})
  void whatIsNoNetworkIsRefused(String text) {
    assertThat(Network.parse(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "localhost", "127.1", "127.0.0.01", "127.0.0.256", "0x7f.0.0.1", "127.0.0.1 ",
            "1.2.3.4.5",
        "fe80::1%eth0", "[::1", "::1]", "1::2::3", "dead", "a:b", "::1/128", "2130706433"
      })
  void whatIsNoLiteralAddressIsRefused(String text) {
    assertThat(IpText.parse(text)).isNull();
  }

  @Test
  void literalAddressesAreRead() {
    assertThat(IpText.parse("127.0.0.1").getAddress()).containsExactly(127, 0, 0, 1);
    assertThat(IpText.parse("[::1]").getHostAddress()).isEqualTo("0:0:0:0:0:0:0:1");
    assertThat(IpText.parse("2001:DB8::7").getHostAddress()).isEqualTo("2001:db8:0:0:0:0:0:7");
  }
}
