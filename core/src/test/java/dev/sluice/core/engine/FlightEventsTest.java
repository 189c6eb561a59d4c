package dev.sluice.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.ClientFacts;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.FlightEvents;
import dev.sluice.core.testkit.ThreadAllocations;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the flight recorder is told, and that nothing is made for it while nobody records. */
class FlightEventsTest extends EngineTest {
  private static final String CONNECTION = "dev.sluice.Connection";
  private static final String HANDSHAKE = "dev.sluice.Handshake";
  private static final String EXCHANGE = "dev.sluice.Exchange";

  private final Recording recording = new Recording();
  private boolean recorded;

  @TempDir private Path directory;

  @AfterEach
  void closeTheRecording() {
    recording.close();
  }

  private void record(String... names) {
    for (String name : names) {
      recording.enable(name);
    }
    recording.start();
  }

  private List<RecordedEvent> recorded(String name) throws IOException {
    if (recording.getState() == RecordingState.RUNNING) {
      recording.stop();
    }
    Path file = directory.resolve(name + ".jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals(name))
        .toList();
  }

  private void exchange() {
    TestOrigin origin = origin(1, OriginPlan.single());
    rig.startHttp(negotiating("a", origin));
    assertThat(getDone().status()).isEqualTo(200);
  }

  @Test
  void exchangeHasItsStagesAndItsEnd() throws IOException {
    record(EXCHANGE);

    exchange();

    ExchangeRecord record = rig.onlyRecord();
    assertThat(recorded(EXCHANGE)).hasSize(1);
    RecordedEvent event = recorded(EXCHANGE).get(0);
    assertThat(event.getString("frontend")).isEqualTo("front");
    assertThat(event.getString("backend")).isEqualTo("back");
    assertThat(event.getString("server")).isEqualTo("a");
    assertThat(event.getString("frontProtocol")).isEqualTo("single");
    assertThat(event.getString("backProtocol")).isEqualTo("single");
    assertThat(event.getString("method")).isEqualTo("GET");
    assertThat(event.getInt("status")).isEqualTo(200);
    assertThat(event.getInt("retries")).isZero();
    assertThat(event.getString("cause")).isEqualTo("COMPLETE");
    assertThat(event.getString("phase")).isEqualTo("DONE");
    assertThat(event.getDuration("connect")).isEqualTo(Duration.ofNanos(record.connectNanos()));
    assertThat(event.getDuration("handshake")).isEqualTo(Duration.ofNanos(record.handshakeNanos()));
    assertThat(event.getDuration("total")).isEqualTo(Duration.ofNanos(record.totalNanos()));
    assertThat(event.getDuration("total")).isPositive();
    assertThat(event.getLong("bytesToClient")).isEqualTo(100);
  }

  @Test
  void handshakeTellsWhatItAgreedOn() throws IOException {
    record(HANDSHAKE);

    exchange();

    assertThat(recorded(HANDSHAKE)).hasSize(1);
    RecordedEvent event = recorded(HANDSHAKE).get(0);
    assertThat(event.getString("side")).isEqualTo("BACK");
    assertThat(event.getString("peer")).isEqualTo("192.0.2.101:8080");
    assertThat(event.getDuration("took"))
        .isEqualTo(Duration.ofNanos(rig.onlyRecord().handshakeNanos()));
    assertThat(event.getString("version")).isEqualTo("simulated");
    assertThat(event.getString("serverName")).isEqualTo("a.example");
    assertThat(event.getString("applicationProtocol")).isEqualTo(TestMuxProvider.SINGLE);
    assertThat(event.getBoolean("resumed")).isFalse();
    assertThat(event.getString("result")).isEqualTo("COMPLETE");
  }

  @Test
  void failedHandshakeTellsWhy() throws IOException {
    record(HANDSHAKE, CONNECTION);
    TestOrigin origin =
        origin(1, OriginPlan.clear().with(PeerScript.answering(PeerScript.Answer.ALERT)));
    rig.startHttp(negotiating("a", origin));

    assertThat(getDone().status()).isEqualTo(502);

    assertThat(recorded(HANDSHAKE))
        .isNotEmpty()
        .allMatch(event -> event.getString("result").equals("NO_COMMON_PROTOCOL"))
        .allMatch(event -> event.getString("version").isEmpty());
    assertThat(recorded(CONNECTION))
        .isNotEmpty()
        .allMatch(event -> event.getString("cause").equals("NO_COMMON_PROTOCOL"))
        .allMatch(event -> event.getString("protocol").isEmpty());
  }

  @Test
  void connectionsOfBothSidesTellTheirBytesWhenTheyEnd() throws IOException {
    record(CONNECTION);

    exchange();
    assertThat(rig.onlyRecord().termination().complete()).isTrue();
    rig.stopNow();

    List<RecordedEvent> events = recorded(CONNECTION);
    assertThat(events)
        .extracting(event -> event.getString("side"))
        .containsExactlyInAnyOrder("FRONT", "BACK");
    for (RecordedEvent event : events) {
      assertThat(event.getString("protocol")).isEqualTo("single");
      assertThat(event.getString("peer")).matches("[0-9.]+:[0-9]+");
      assertThat(event.getLong("bytesRead")).isPositive();
      assertThat(event.getLong("bytesWritten")).isPositive();
      assertThat(event.getDuration("life")).isPositive();
      assertThat(event.getString("cause")).isEqualTo("SHUTDOWN");
    }
  }

  @Test
  void recordingThatNamesNoExchangesGetsNone() throws IOException {
    record();

    exchange();
    rig.stopNow();

    assertThat(recorded(EXCHANGE)).isEmpty();
    assertThat(recorded(HANDSHAKE)).hasSize(1);
    assertThat(recorded(CONNECTION)).hasSize(2);
  }

  @Test
  void nothingIsMadeWhileNobodyRecords() {
    exchange();
    ExchangeRecord record = new ExchangeRecord();
    record.begin("front", "h1", ClientFacts.NONE, 0);
    record.end(CloseCause.COMPLETE, CloseCause.Origin.NOBODY, "", 5);

    assertThat(
            ThreadAllocations.leastDuring(
                5,
                () -> {
                  for (int i = 0; i < 10_000; i++) {
                    FlightEvents.exchange(record);
                    recorded |= FlightEvents.connectionsAreRecorded();
                  }
                }))
        .isZero();
  }
}
