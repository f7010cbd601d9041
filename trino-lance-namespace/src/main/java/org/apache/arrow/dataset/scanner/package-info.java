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
/**
 * Stand-ins for the two interfaces of arrow-dataset that lance-core's scanner class names in its
 * signature. The connector never uses them, but the JVM must resolve them to link
 * {@code org.lance.ipc.LanceScanner}. The real artifact carries 78 MB of native C++ libraries which
 * nothing here calls, so it is left out of the plugin and replaced by these declarations.
 */
package org.apache.arrow.dataset.scanner;
