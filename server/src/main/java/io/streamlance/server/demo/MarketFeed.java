/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.streamlance.server.demo;

import io.nats.client.Connection;

import java.time.LocalDateTime;
import java.util.Random;

import static java.lang.Math.max;
import static java.util.Locale.ENGLISH;

/// A day of trades and quotes. Prices walk at random; a quote is out before the trades that it leads to.
final class MarketFeed
{
    private static final long SEED = 483;
    private static final int TRADES = 120_000;
    private static final int QUOTES_PER_TRADES = 3;
    private static final LocalDateTime OPEN = LocalDateTime.of(2026, 7, 20, 13, 30);

    private MarketFeed() {}

    static void publish(Connection connection)
            throws Exception
    {
        Random random = new Random(SEED);
        int[] cents = Symbol.ALL.stream().mapToInt(Symbol::cents).toArray();
        long micros = 0;
        try (Publisher publisher = new Publisher(connection, "MARKET", "Trades and quotes of two exchanges", "trades.*.*", "quotes.*.*")) {
            for (int i = 0; i < TRADES; i++) {
                int index = random.nextInt(Symbol.ALL.size());
                Symbol symbol = Symbol.ALL.get(index);
                String route = symbol.exchange() + "." + symbol.ticker();
                cents[index] = max(100, cents[index] + random.nextInt(-5, 6));
                micros += random.nextInt(20_000, 180_000);
                if (i % QUOTES_PER_TRADES == 0) {
                    publisher.publish("quotes." + route, "{\"symbol\":\"%s\",\"bid\":%s,\"ask\":%s,\"at\":\"%s\"}".formatted(
                            symbol.ticker(),
                            price(cents[index] - 2),
                            price(cents[index] + 2),
                            OPEN.plusNanos((micros - 10_000) * 1000)));
                }
                publisher.publish("trades." + route, "{\"id\":%d,\"price\":%s,\"quantity\":%d,\"side\":\"%s\",\"meta\":{\"at\":\"%s\",\"venue\":{\"code\":\"%s\",\"dark\":%s}}}".formatted(
                        i + 1,
                        price(cents[index]),
                        random.nextInt(1, 50) * 10,
                        random.nextBoolean() ? "buy" : "sell",
                        OPEN.plusNanos(micros * 1000),
                        symbol.exchange().toUpperCase(ENGLISH),
                        random.nextInt(10) == 0));
            }
        }
    }

    private static String price(int cents)
    {
        return "%d.%02d".formatted(cents / 100, cents % 100);
    }
}
