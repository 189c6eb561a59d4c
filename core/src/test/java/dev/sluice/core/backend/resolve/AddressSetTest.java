package dev.sluice.core.backend.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order in which the addresses of a name are tried. */
class AddressSetTest {
  private static AddressSet set(String... texts) throws UnknownHostException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String text : texts) {
      addresses.add(InetAddress.getByName(text));
    }
    return AddressSet.of(addresses, 80);
  }

  private static List<String> order(AddressSet set, int number) {
    return set.order(number).stream().map(each -> each.getAddress().getHostAddress()).toList();
  }

  @Test
  void familiesTakeTurnsAndTheFirstAddressTellsWhichBegins() throws Exception {
    AddressSet set = set("2001:db8::1", "2001:db8::2", "192.0.2.1", "192.0.2.2", "192.0.2.3");

    assertThat(order(set, 0))
        .containsExactly(
            "2001:db8:0:0:0:0:0:1", "192.0.2.1", "2001:db8:0:0:0:0:0:2", "192.0.2.2", "192.0.2.3");
    assertThat(order(set("192.0.2.1", "2001:db8::1"), 0))
        .containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
  }

  @Test
  void connectionsAreSpreadOverTheAddressesOfTheFirstFamily() throws Exception {
    AddressSet set = set("192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1");

    assertThat(order(set, 0)).startsWith("192.0.2.1", "2001:db8:0:0:0:0:0:1", "192.0.2.2");
    assertThat(order(set, 1)).startsWith("192.0.2.2", "2001:db8:0:0:0:0:0:1", "192.0.2.3");
    assertThat(order(set, 2)).startsWith("192.0.2.3");
    assertThat(order(set, 3)).isEqualTo(order(set, 0));
    assertThat(order(set, -1)).as("when the count has overflowed").isEqualTo(order(set, 2));
  }

  @Test
  void everyAddressIsTriedOnce() throws Exception {
    AddressSet set = set("192.0.2.1", "2001:db8::1", "192.0.2.2", "2001:db8::2", "2001:db8::3");
    for (int i = 0; i < 10; i++) {
      assertThat(order(set, i)).hasSize(5).doesNotHaveDuplicates();
    }
  }

  @Test
  void anotherOrderIsNoOtherSet() throws Exception {
    AddressSet set = set("192.0.2.1", "192.0.2.2");

    assertThat(set.sameAs(set("192.0.2.2", "192.0.2.1"))).isTrue();
    assertThat(set.sameAs(set("192.0.2.1"))).isFalse();
    assertThat(set.sameAs(set("192.0.2.1", "192.0.2.3"))).isFalse();
  }

  @Test
  void setHoldsItsAddressesWithTheirPortOnly() throws Exception {
    AddressSet set = set("192.0.2.1", "2001:db8::1");

    assertThat(set.contains(new InetSocketAddress("2001:db8::1", 80))).isTrue();
    assertThat(set.contains(new InetSocketAddress("192.0.2.1", 81))).isFalse();
    assertThat(set.contains(new InetSocketAddress("192.0.2.2", 80))).isFalse();
  }
}
