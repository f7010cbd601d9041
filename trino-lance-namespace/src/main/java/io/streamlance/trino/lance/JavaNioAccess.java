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
package io.streamlance.trino.lance;

import net.bytebuddy.agent.ByteBuddyAgent;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;

/**
 * Opens {@code java.nio} to this plugin, as Arrow's off-heap memory needs it.
 * <p>
 * The stock Trino image has no {@code --add-opens} flag but allows the JVM to attach to itself, and
 * an attached agent may open a package of another module to exactly one class loader. This must
 * happen before the first Arrow class is initialized: Arrow checks once, in a static initializer.
 */
final class JavaNioAccess
{
    private static final String PACKAGE = "java.nio";
    private static final Module JAVA_BASE = Object.class.getModule();

    private JavaNioAccess() {}

    static void ensureOpen()
    {
        Module plugin = JavaNioAccess.class.getModule();
        if (JAVA_BASE.isOpen(PACKAGE, plugin)) {
            return;
        }
        try {
            Instrumentation instrumentation = ByteBuddyAgent.install();
            instrumentation.redefineModule(JAVA_BASE, Set.of(), Map.of(), Map.of(PACKAGE, Set.of(plugin)), Set.of(), Map.of());
        }
        catch (IllegalStateException | UnsupportedOperationException e) {
            throw new IllegalStateException(
                    "The lance connector needs access to java.nio, and this JVM does not let it attach to itself. " +
                            "Add --add-opens=java.base/java.nio=ALL-UNNAMED to jvm.config, " +
                            "or -Djdk.attach.allowAttachSelf=true and -XX:+EnableDynamicAgentLoading as in Trino's own jvm.config",
                    e);
        }
    }
}
