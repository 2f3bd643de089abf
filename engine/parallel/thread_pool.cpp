#include "engine/parallel/thread_pool.hpp"

#include <utility>

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

#if defined(__EMSCRIPTEN__) && !defined(__EMSCRIPTEN_PTHREADS__)
constexpr bool kThreadsExist = false;
#else
constexpr bool kThreadsExist = true;
#endif

/// Where this thread is inside a parallel run.
struct Position {
  const ThreadPool* pool;
  int lane;
};
thread_local Position position{nullptr, 0};

/// Lets the core's other thread go on; where there is no instruction for it, a check takes less
/// time, and more of them make the same moment.
#if defined(__x86_64__) || defined(__i386__)
constexpr int kSpins = 200;
void pause_briefly() { __builtin_ia32_pause(); }
#else
constexpr int kSpins = 5000;
void pause_briefly() {}
#endif

/// Watches for some 5 us before sleeping, because being woken takes 20 to 30. A step of 0.6 ms (a
/// small MLP, two threads) gains 8 % by it, one of 10 ms 1 %; ten and a hundred times as long gain
/// no more, and take the core from others.
template <class Condition>
void spin_until(Condition condition) {
  for (int i = 0; i < kSpins && !condition(); ++i) pause_briefly();
}

}  // namespace

ThreadPool::ThreadPool(int threads) {
  check(threads >= 1 && threads <= kMostThreads, "[threads] expected 1 to ", kMostThreads,
        " threads, got ", threads);
  if (!kThreadsExist) return;
  workers_.reserve(static_cast<std::size_t>(threads - 1));
  try {
    for (int lane = 1; lane < threads; ++lane) {
      workers_.emplace_back([this, lane] { work(lane); });
    }
  } catch (...) {
    stop();
    throw;
  }
}

ThreadPool::~ThreadPool() { stop(); }

void ThreadPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  posted_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::run_job(const Job& job) {
  const bool nested = position.pool == this;
  if (!nested && job.tasks > 1 && !workers_.empty()) {
    run_parallel(job);
    return;
  }
  std::exception_ptr first;
  for (Index i = 0; i < job.tasks; ++i) {
    try {
      job.call(job.context, i, nested ? position.lane : 0);
    } catch (...) {
      if (!first) first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
}

void ThreadPool::run_parallel(const Job& job) {
  {
    const std::lock_guard lock(mutex_);
    job_ = job;
    next_.store(0, std::memory_order_relaxed);
    open_ = true;
    number_.fetch_add(1, std::memory_order_release);
  }
  posted_.notify_all();
  take_tasks(0);
  wait_for_workers();
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void ThreadPool::take_tasks(int lane) {
  const Position outer = std::exchange(position, {this, lane});
  Index index;
  while ((index = next_.fetch_add(1, std::memory_order_relaxed)) < job_.tasks) {
    try {
      job_.call(job_.context, index, lane);
    } catch (...) {
      keep_error(index);
    }
  }
  position = outer;
}

void ThreadPool::keep_error(Index index) {
  const std::lock_guard lock(mutex_);
  if (error_ && error_index_ < index) return;
  error_ = std::current_exception();
  error_index_ = index;
}

/// Every task has been taken; who has not joined by now is too late.
void ThreadPool::wait_for_workers() {
  std::unique_lock lock(mutex_);
  open_ = false;
  const auto all_left = [this] { return active_.load(std::memory_order_acquire) == 0; };
  if (all_left()) return;
  lock.unlock();
  spin_until(all_left);
  lock.lock();
  left_.wait(lock, all_left);
}

void ThreadPool::work(int lane) {
  std::uint32_t seen = 0;
  while (join_job(lane, seen)) {
    take_tasks(lane);
    leave_job();
  }
}

/// Waits for a job this lane has not seen; false when there will be none.
bool ThreadPool::join_job(int lane, std::uint32_t& seen) {
  spin_until([&] { return number_.load(std::memory_order_acquire) != seen; });
  std::unique_lock lock(mutex_);
  posted_.wait(lock,
               [&] { return stopping_ || (open_ && lane < job_.tasks && number_.load() != seen); });
  if (stopping_) return false;
  seen = number_.load();
  ++active_;
  return true;
}

void ThreadPool::leave_job() {
  const std::lock_guard lock(mutex_);
  if (--active_ == 0) left_.notify_one();
}

}  // namespace kernelgarten
