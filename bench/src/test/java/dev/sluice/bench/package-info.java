/**
 * Benchmarks: each class asks one question and stands beside its baseline.
 *
 * <p>They are compiled with the tests, so that neither JMH nor the peers reach the program. To run
 * one:
 *
 * <pre>
 * mvn -q -DskipTests -Pbenchmarks package
 * java -cp 'bench/target/test-classes:bench/target/benchmarks-lib/*' org.openjdk.jmh.Main -prof gc NAME
 * </pre>
 */
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
