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
package io.streamlance.trino.nats.client;

/// What a scan wants of a message besides subject and sequence.
///
/// @param payload false when the headers are enough
/// @param headers true when the headers, or the size of a payload that is not read, are wanted
/// @param time true when the time of storing is wanted
public record MessageParts(boolean payload, boolean headers, boolean time) {}
