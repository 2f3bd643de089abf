#pragma once

#include <memory>
#include <vector>

#include "engine/data/image_dataset.hpp"

namespace kernelgarten {

/// What a generator is to learn to make: examples of one shape, as it would put them out.
class RealExamples {
 public:
  virtual ~RealExamples() = default;

  virtual Index count() const = 0;
  virtual Shape shape() const = 0;
  /// 0 where examples have no label.
  virtual Index classes() const { return 0; }
  virtual std::int32_t label(Index /*index*/) const { return 0; }
  /// Puts one where `to` points.
  virtual void load(float* to, Index index) const = 0;
};

/// Images from -1, black, to 1, white: the range of tanh.
class RealImages : public RealExamples {
 public:
  explicit RealImages(std::shared_ptr<const ImageDataset> images) : images_(std::move(images)) {}

  Index count() const override { return images_->count(); }
  Shape shape() const override { return images_->image_shape(); }
  Index classes() const override { return images_->classes(); }
  std::int32_t label(Index index) const override { return images_->label(index); }
  void load(float* to, Index index) const override;

 private:
  std::shared_ptr<const ImageDataset> images_;
};

/// Points in the plane.
class RealPoints : public RealExamples {
 public:
  /// x and y of each. Throws InvalidArgument unless they come in pairs, InvalidData where one is
  /// not finite.
  explicit RealPoints(std::vector<float> coordinates);

  Index count() const override { return static_cast<Index>(coordinates_.size()) / 2; }
  Shape shape() const override { return {2}; }
  void load(float* to, Index index) const override;

 private:
  std::vector<float> coordinates_;
};

}  // namespace kernelgarten
