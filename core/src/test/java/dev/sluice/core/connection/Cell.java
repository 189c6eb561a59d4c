package dev.sluice.core.connection;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The cell of the state table that a test is about; it must bring the event about in the state. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Cells.class)
@interface Cell {
  /** The column. */
  LifeState in();

  /** The row. */
  LifeEvent on();
}
