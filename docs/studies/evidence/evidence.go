// Package evidence computes what a verdict looks for: of every behavior of a file the circuit, found on one half of its examples, and
// everything that may be asked of it, on the other half, on the other behaviors, and on the half that it was found on.
package evidence

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/neuronsteer/neuronsteer/docs/studies/behaviors"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// A Study is a model whose results are kept in a folder, with the circuits of some behaviors.
type Study struct {
	Model     *steer.Model
	Behaviors []behaviors.Behavior
	Circuits  []steer.Circuit // of each, the top neurons in favor, averaged over the half that it is found on
	Controls  int             // random circuits beside each
	close     func() error
}

// Open finds the circuits of k neurons. What the folder keeps is not computed again; without a name it is one that Close removes. The
// folder is the process's store until then.
func Open(ctx context.Context, model, folder string, all []behaviors.Behavior, k, controls int) (s *Study, err error) {
	s = &Study{Behaviors: all, Controls: controls, close: func() error { return nil }}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if folder == "" {
		if folder, err = os.MkdirTemp("", "evidence"); err != nil {
			return s, err
		}
		s.close = func() error { return os.RemoveAll(folder) }
	}
	if err := os.Setenv("NEURONSTEER_STORE", folder); err != nil {
		return s, err
	}
	if s.Model, err = local.Open(ctx, model); err != nil {
		return s, err
	}
	remove := s.close
	s.close = func() error { return errors.Join(local.Close(s.Model), remove()) }
	for _, b := range all {
		found, _ := b.Halves()
		scores, err := s.Model.Behavior(found).Run(ctx)
		if err != nil {
			return s, fmt.Errorf("%s: %w", b.Name, err)
		}
		s.Circuits = append(s.Circuits, scores.Mean().Positive().TopK(k).Named(b.Name))
	}
	return s, nil
}

// Close closes the model, and removes the folder that Open made.
func (s *Study) Close() error { return s.close() }

// Verdict computes what a verdict looks for about the i-th circuit, and judges it.
func (s *Study) Verdict(ctx context.Context, i int) (steer.CircuitVerdict, error) {
	b, c := s.Behaviors[i], s.Circuits[i]
	if err := s.test(ctx, b, c); err != nil {
		return steer.CircuitVerdict{}, fmt.Errorf("%s: %w", b.Name, err)
	}
	for j, other := range s.Behaviors {
		_, tested := other.Halves()
		if _, err := s.Model.Sweep(c, 0).OnExamples(tested).Run(ctx); i != j && err != nil {
			return steer.CircuitVerdict{}, fmt.Errorf("%s on %s: %w", b.Name, other.Name, err)
		}
	}
	_, tested := b.Halves()
	v, err := s.Model.Verdict(c).OnExamples(tested).Run(ctx)
	if err != nil {
		return v, fmt.Errorf("%s: %w", b.Name, err)
	}
	return v, nil
}

// Stability asks of the half that the i-th circuit was found on what of its circuits is of the behavior.
func (s *Study) Stability(i int) steer.StabilityTask {
	found, _ := s.Behaviors[i].Halves()
	return s.Model.Stability(s.Model.Behavior(found))
}

// test computes what a verdict looks for about a circuit and its own behavior.
func (s *Study) test(ctx context.Context, b behaviors.Behavior, c steer.Circuit) error {
	m := s.Model
	found, tested := b.Halves()
	if _, err := m.Baseline(tested).Run(ctx); err != nil {
		return err
	}
	if _, err := m.Sweep(c, 0).OnExamples(tested).Controls(s.Controls).SideEffects().Continue(0).Run(ctx); err != nil {
		return err
	}
	if _, err := m.Faithfulness(c, tested).Ablation(steer.TokenMeanAblation).Sizes(c.Len()).Controls(s.Controls).Run(ctx); err != nil {
		return err
	}
	if _, err := m.Stability(m.Behavior(found)).Run(ctx); err != nil {
		return err
	}
	if _, err := m.Methods(m.Behavior(found)).OnExamples(tested).TopK(c.Len()).Controls(0).Exact(0).Run(ctx); err != nil {
		return err
	}
	if _, err := m.Patch(found).Units(c).Run(ctx); err != nil {
		return err
	}
	_, err := m.Sweep(c, 2, 4).OnExamples(tested).Prompted(instructions[b.Name]).Run(ctx)
	if errors.Is(err, steer.BadSetting) { // a chat that was rendered has no place for an instruction: what it does is not tested
		return nil
	}
	return err
}
