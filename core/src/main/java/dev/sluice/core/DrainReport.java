package dev.sluice.core;

import dev.sluice.core.observe.DrainPhase;
import dev.sluice.core.observe.ExchangePhase;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * How a drain went: what finished, what was cut, and how long each phase took. Maps hold nothing
 * that is 0.
 *
 * @param finished connections of clients that were there at its beginning or came meanwhile, and
 *     were not cut
 * @param cut connections of clients that were cut
 * @param cutByFrontend those by the names of their frontends
 * @param exchangesFinished exchanges that ended meanwhile and were not cut, however they ended
 * @param exchangesCut exchanges that were cut, by how far they had come; those in {@link
 *     ExchangePhase#TUNNEL} are tunnels and TCP flows
 * @param exchangesCutByServer those by {@code backend/server}, or by the backend alone if no server
 *     had been found; exchanges without a backend are not in it
 * @param serverConnectionsCut connections to servers that were busy or being made when the rest was
 *     cut, or were not done at the deadline, by {@code backend/server}
 * @param took how long each phase took that there was
 */
public record DrainReport(
    int finished,
    int cut,
    Map<String, Integer> cutByFrontend,
    long exchangesFinished,
    Map<ExchangePhase, Integer> exchangesCut,
    Map<String, Integer> exchangesCutByServer,
    Map<String, Integer> serverConnectionsCut,
    Map<DrainPhase, Duration> took) {

  /** Copies the maps. */
  public DrainReport {
    cutByFrontend = Collections.unmodifiableMap(new TreeMap<>(cutByFrontend));
    exchangesCut = copy(ExchangePhase.class, exchangesCut);
    exchangesCutByServer = Collections.unmodifiableMap(new TreeMap<>(exchangesCutByServer));
    serverConnectionsCut = Collections.unmodifiableMap(new TreeMap<>(serverConnectionsCut));
    took = copy(DrainPhase.class, took);
  }

  private static <K extends Enum<K>, V> Map<K, V> copy(Class<K> keys, Map<K, V> map) {
    EnumMap<K, V> copy = new EnumMap<>(keys);
    copy.putAll(map);
    return Collections.unmodifiableMap(copy);
  }

  /** Whether nothing was cut. */
  public boolean complete() {
    return cut == 0 && exchangesCut.isEmpty() && serverConnectionsCut.isEmpty();
  }

  /** Tunnels and TCP flows that were cut. */
  public int tunnelsCut() {
    return exchangesCut.getOrDefault(ExchangePhase.TUNNEL, 0);
  }

  /** All of it, from the beginning to the end. */
  public Duration total() {
    Duration sum = Duration.ZERO;
    for (Duration each : took.values()) {
      sum = sum.plus(each);
    }
    return sum;
  }

  /** In one line, for people. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ");
    text.add(count(finished, "client connection") + " finished");
    text.add(count(exchangesFinished, "exchange") + " finished");
    text.add(cut + " cut" + in(cutByFrontend));
    if (!exchangesCut.isEmpty()) {
      text.add("exchanges cut" + in(exchangesCut) + in(exchangesCutByServer));
    }
    if (!serverConnectionsCut.isEmpty()) {
      text.add("server connections cut" + in(serverConnectionsCut));
    }
    StringJoiner phases = new StringJoiner(" ");
    took.forEach((phase, time) -> phases.add(phase + " " + time.toMillis() + " ms"));
    return text + "; " + phases;
  }

  private static String count(long number, String one) {
    return number + " " + one + (number == 1 ? "" : "s");
  }

  private static String in(Map<?, Integer> parts) {
    if (parts.isEmpty()) {
      return "";
    }
    StringJoiner text = new StringJoiner(", ", " (", ")");
    parts.forEach((name, count) -> text.add(name + " " + count));
    return text.toString();
  }
}
