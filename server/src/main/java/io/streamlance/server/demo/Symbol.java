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

import java.util.List;

/// A listed company.
///
/// @param cents price at the start of the demo's day
record Symbol(String exchange, String ticker, String company, String sector, int cents)
{
    static final List<Symbol> ALL = List.of(
            new Symbol("xnas", "AAPL", "Apple", "Technology", 19_250),
            new Symbol("xnas", "MSFT", "Microsoft", "Technology", 37_410),
            new Symbol("xnas", "NVDA", "NVIDIA", "Semiconductors", 49_520),
            new Symbol("xnas", "AMD", "AMD", "Semiconductors", 14_740),
            new Symbol("xnas", "AMZN", "Amazon", "Retail", 15_190),
            new Symbol("xnas", "COST", "Costco", "Retail", 66_000),
            new Symbol("xnys", "IBM", "IBM", "Technology", 16_330),
            new Symbol("xnys", "ORCL", "Oracle", "Technology", 10_540),
            new Symbol("xnys", "WMT", "Walmart", "Retail", 15_760),
            new Symbol("xnys", "TSM", "TSMC", "Semiconductors", 10_400),
            new Symbol("xnys", "XOM", "Exxon Mobil", "Energy", 9_990),
            new Symbol("xnys", "CVX", "Chevron", "Energy", 14_910));
}
