/* Runs Idle in a JVM of its own: launcher <libjvm.so> <class path> <flag>. */
#include <dlfcn.h>
#include <jni.h>
#include <stdio.h>

typedef jint (*create_vm)(JavaVM **, void **, void *);

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  void *library = dlopen(argv[1], RTLD_NOW);
  if (!library) return 3;
  create_vm create = (create_vm)dlsym(library, "JNI_CreateJavaVM");
  char path[4096];
  snprintf(path, sizeof path, "-Djava.class.path=%s", argv[2]);
  JavaVMOption options[] = {{path, 0}, {argv[3], 0}};
  JavaVMInitArgs args = {JNI_VERSION_1_8, 2, options, JNI_FALSE};
  JavaVM *vm;
  JNIEnv *env;
  if (create(&vm, (void **)&env, &args) != JNI_OK) return 4;
  jclass type = (*env)->FindClass(env, "Idle");
  jmethodID method = (*env)->GetStaticMethodID(env, type, "main", "([Ljava/lang/String;)V");
  jobjectArray words = (*env)->NewObjectArray(env, 0, (*env)->FindClass(env, "java/lang/String"), 0);
  (*env)->CallStaticVoidMethod(env, type, method, words);
  return 0;
}
