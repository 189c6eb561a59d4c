package dev.sluice.core.stream;

import dev.sluice.core.message.RequestHead;
import dev.sluice.core.observe.ByteTarget;
import dev.sluice.core.observe.RequestText;

/** Shows a head to those who watch, without a string. Confined to the loop of the head. */
final class HeadText implements RequestText {
  private final RequestHead head;

  HeadText(RequestHead head) {
    this.head = head;
  }

  @Override
  public String methodName() {
    return head.methodName();
  }

  @Override
  public void writeMethodTo(ByteTarget target) {
    target.write(head.methodBytes(), head.methodOffset(), head.methodLength());
  }

  @Override
  public void writeHostTo(ByteTarget target) {
    if (head.authorityLength() > 0) {
      target.write(head.bytes(), head.authorityOffset(), head.authorityLength());
    }
  }

  @Override
  public void writePathTo(ByteTarget target) {
    if (head.pathLength() > 0) {
      target.write(head.bytes(), head.pathOffset(), head.pathLength());
    }
  }
}
