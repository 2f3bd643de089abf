#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// More threads than this would find nothing to do: work is cut into as many parts, whatever the
/// number of threads, so that its results do not depend on it.
inline constexpr int kMostThreads = 8;

/// Runs independent tasks on several threads. A run allocates nothing; with one thread, or one
/// task, it is a plain loop without any synchronisation. One thread at a time may call `run`.
class ThreadPool {
 public:
  /// Starts threads - 1 threads, the caller of `run` being one more. Throws InvalidArgument unless
  /// there are 1 to kMostThreads, std::system_error where the system starts no more. A build
  /// without threads (WebAssembly without -pthread) has one, whatever is asked for.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  /// Calls task(index, lane) for every index from 0 to `tasks`, in any order, and returns when all
  /// have ended. A lane runs one task at a time, so memory kept once for each lane needs no lock;
  /// it is a number from 0 to threads() and to `tasks`, neither included. Every task runs, even
  /// after one has thrown; then the exception of the lowest index is thrown. Tasks that call `run`
  /// themselves do the inner tasks one after another, on their lane; a single task is no more than
  /// a call, and may use all threads.
  template <class F>
  void run(Index tasks, const F& task) {
    run_job({tasks, std::addressof(task), [](const void* context, Index index, int lane) {
               (*static_cast<const F*>(context))(index, lane);
             }});
  }

 private:
  struct Job {
    Index tasks;
    const void* context;
    void (*call)(const void* context, Index index, int lane);
  };

  void run_job(const Job& job);
  void run_parallel(const Job& job);
  void take_tasks(int lane);
  void keep_error(Index index);
  void wait_for_workers();
  void work(int lane);
  bool join_job(int lane, std::uint32_t& seen);
  void leave_job();
  void stop();

  std::mutex mutex_;
  std::condition_variable posted_;
  std::condition_variable left_;
  Job job_{};
  std::atomic<Index> next_{0};
  /// Counts the jobs; changed under the mutex, and watched without it for a while.
  std::atomic<std::uint32_t> number_{0};
  /// Workers inside the job.
  std::atomic<int> active_{0};
  /// Whether workers may still join the job.
  bool open_ = false;
  bool stopping_ = false;
  std::exception_ptr error_;
  Index error_index_ = 0;
  std::vector<std::thread> workers_;
};

}  // namespace kernelgarten
